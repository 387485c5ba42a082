// Open a workbook and save it again: node risalva.js sheetjs|exceljs FROM TO
const [, , programma, da, a] = process.argv;
if (programma === "sheetjs") {
  const XLSX = require("xlsx");
  XLSX.writeFile(XLSX.readFile(da, { cellStyles: true, cellNF: true }), a);
} else {
  const libro = new (require("exceljs").Workbook)();
  libro.xlsx.readFile(da).then(() => libro.xlsx.writeFile(a));
}
