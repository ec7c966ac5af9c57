@echo off
rem Builds Atenea when a source file has changed since the last build, then runs it: atenea train examples\emotion\config.yaml
setlocal
set "ATENEA_PROJECT=%~dp0src\Atenea.Cli"
set "ATENEA_PROGRAM=%ATENEA_PROJECT%\bin\Release\net10.0\atenea.dll"
set "ATENEA_STAMP=%ATENEA_PROJECT%\obj\atenea.stamp"
set "DOTNET_NOLOGO=1"
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
where dotnet >nul 2>nul
if errorlevel 1 (
  echo atenea: 'dotnet' is not on the PATH: install the .NET 10 SDK ^(https://dotnet.microsoft.com/download^) 1>&2
  exit /b 2
)
powershell -NoProfile -Command "$ErrorActionPreference='Stop'; try { $s=(Get-Item $env:ATENEA_STAMP).LastWriteTimeUtc; $null=Get-Item $env:ATENEA_PROGRAM; $r='%~dp0'; $n=@(Get-Item ($r+'Directory.*.props'),($r+'global.json'); Get-ChildItem ($r+'src') -Recurse) | Where-Object { $_.FullName -notmatch '\\(bin|obj)(\\|$)' -and $_.LastWriteTimeUtc -gt $s } | Select-Object -First 1; if ($n) { exit 1 } } catch { exit 1 }"
if not errorlevel 1 goto run
if not exist "%ATENEA_PROJECT%\obj" mkdir "%ATENEA_PROJECT%\obj"
set "ATENEA_LOG=%TEMP%\atenea-build-%RANDOM%.log"
type nul > "%ATENEA_STAMP%.new"
dotnet build "%ATENEA_PROJECT%" -c Release -v q --nologo > "%ATENEA_LOG%" 2>&1
if errorlevel 1 (
  type "%ATENEA_LOG%" 1>&2
  echo atenea: the build failed 1>&2
  del "%ATENEA_LOG%" "%ATENEA_STAMP%.new" 2>nul
  exit /b 2
)
del "%ATENEA_LOG%" 2>nul
move /y "%ATENEA_STAMP%.new" "%ATENEA_STAMP%" >nul
:run
dotnet "%ATENEA_PROGRAM%" %*
exit /b %errorlevel%
