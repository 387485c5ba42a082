@echo off
rem In Windows "make relazione", come dicono le guide e i messaggi, dalla cartella del progetto.
setlocal
set "RELAZIONE_CHIAMATO=make"
"%~dp0relazione.cmd" %*
