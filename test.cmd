@echo off
rem Runs the tests: test, test --slow, test --goldens [DIR], or test NAME. The last line is "N passed, N failed".
setlocal
set "ATENEA_FOLDER=%~f2"
cd /d "%~dp0"
set "DOTNET_NOLOGO=1"
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
set "DOTNET_CLI_UI_LANGUAGE=en"
set "ATENEA_FILTER=Category!=Slow"
if "%~1"=="--slow" set "ATENEA_FILTER=Category=Slow"
if "%~1"=="--goldens" set "ATENEA_FILTER=Data=Goldens"
if "%~1"=="--goldens" if "%~2"=="" set "ATENEA_GOLDENS=%~dp0..\shared\goldens"
if "%~1"=="--goldens" if not "%~2"=="" set "ATENEA_GOLDENS=%ATENEA_FOLDER%"
if not "%~1"=="" if not "%~1"=="--slow" if not "%~1"=="--goldens" set "ATENEA_FILTER=FullyQualifiedName~%~1"
powershell -NoProfile -Command "$p=0; $f=0; dotnet test Atenea.slnx -c Release -v q --nologo --filter $env:ATENEA_FILTER | ForEach-Object { $_; if ($_ -match '^(Passed|Failed|Skipped)! .*Failed: *(\d+), Passed: *(\d+),') { $f += [int]$Matches[2]; $p += [int]$Matches[3] } }; $s=$LASTEXITCODE; if ($p + $f -eq 0) { 'no test ran'; if ($s -eq 0) { $s=1 } }; \"$p passed, $f failed\"; if ($f) { exit 1 }; exit $s"
exit /b %errorlevel%
