@echo off
rem Makes a native program of Atenea, which needs no .NET where it runs: publish [FOLDER], by default artifacts\atenea.
rem It is for processors like this one. Needs the C++ build tools of Visual Studio, and takes some minutes.
setlocal
set "DOTNET_NOLOGO=1"
set "DOTNET_CLI_TELEMETRY_OPTOUT=1"
set "ATENEA_FOLDER=%~f1"
if "%~1"=="" set "ATENEA_FOLDER=%~dp0artifacts\atenea"
dotnet publish "%~dp0src\Atenea.Cli" -c Release --use-current-runtime -p:PublishAot=true -p:IlcInstructionSet=native -p:DebugType=none --artifacts-path "%~dp0artifacts\native" -o "%ATENEA_FOLDER%" -v q --nologo
if errorlevel 1 exit /b 2
del "%ATENEA_FOLDER%\*.pdb" "%ATENEA_FOLDER%\*.xml" 2>nul
echo %ATENEA_FOLDER%\atenea.exe
