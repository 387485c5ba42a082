"""What goes back to the responsabili: the workbook of the checks and the annotated copies."""
