@echo off
rem I comandi del Makefile per chi ha Windows, senza make e senza essere amministratore.
rem Doppio clic, oppure da una finestra di comandi:  relazione.cmd controlla CARTELLA=anno_2021
setlocal
set "PAGINA="
for /f "tokens=2 delims=:." %%P in ('chcp') do set "PAGINA=%%P"
chcp 65001 >nul
set "PYTHONUTF8=1"
if not defined RELAZIONE_CHIAMATO set "RELAZIONE_CHIAMATO=relazione.cmd"
pushd "%~dp0"
py -3 -c "" >nul 2>nul
if %errorlevel% equ 0 goto con_py
python -c "" >nul 2>nul
if %errorlevel% equ 0 goto con_python
uv --version >nul 2>nul
if %errorlevel% equ 0 goto con_uv
echo Serve Python 3.11 o successivo, e su questo computer non si trova.
echo Si scarica da https://www.python.org/downloads/ e si installa solo per il proprio utente, senza essere amministratore,
echo con la casella "Add python.exe to PATH" segnata. Poi si ripete. Passo per passo: docs\installare-windows.md
set "FINE=5"
goto fine
:con_py
py -3 avvio.py %*
set "FINE=%errorlevel%"
goto fine
:con_python
python avvio.py %*
set "FINE=%errorlevel%"
goto fine
:con_uv
uv run --quiet --no-project --python 3.12 avvio.py %*
set "FINE=%errorlevel%"
:fine
popd
rem la finestra di un doppio clic si chiuderebbe prima che si legga che cosa non va
if %FINE% neq 0 pause
if defined PAGINA chcp %PAGINA% >nul
exit /b %FINE%
