"""The fixed templates. Each module both writes its workbook and reads it back."""
