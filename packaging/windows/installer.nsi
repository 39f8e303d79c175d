; The installer for Windows: for this user only, no administrator, everything it says in Chinese.
; packaging/installers.py compiles it (makensis 3, on Windows or Linux) and gives it:
;   SOURCE   the folder of the frozen program      VERSION   0.1.0      VERSION4   0.1.0.0
;   ICON     the program's icon      SIDE      the picture beside the first page      OUT       the installer to write
;   CPU      x86 by default: a 64-bit installer could not tell a 32-bit Windows in Chinese why it is refused
;
; Exit codes of a silent run (/S): 0 done, 2 given up, 3 this Windows is too old, 4 the program is open
; or somebody holds a file of it.
;
; The program's folder holds nothing but the program, and the data lie elsewhere (decisions.md 4.1). All the same
; nothing is removed here but by its own name: whatever else somebody has put into the folder stays where it is.

Unicode true
!ifndef CPU
  !define CPU x86
!endif
Target ${CPU}-unicode
SetCompressor /SOLID lzma
SetCompressorDictSize 32
CRCCheck force
RequestExecutionLevel user
ManifestDPIAware true
ManifestSupportedOS all
AllowSkipFiles off

!include MUI2.nsh
!include LogicLib.nsh
!include WinVer.nsh
!include x64.nsh
!include WordFunc.nsh

!define PROGRAM "守望"
!define WINDOW_EXE "shouwang.exe"
!define CONSOLE_EXE "shouwang-cli.exe"
!define LIBRARIES "_internal"
!define UNINSTALLER "卸载守望.exe"
!define FOLDER "$LOCALAPPDATA\Programs\Shouwang"
!define ENTRY "Software\Microsoft\Windows\CurrentVersion\Uninstall\Shouwang"
!define OLDEST_BUILD 17763 ; Windows 10, version 1809

Var DataWords ; where her data stay, said when the program is taken away
Var Moved

Name "${PROGRAM}"
OutFile "${OUT}"
BrandingText "${PROGRAM} ${VERSION}"
InstallDir "${FOLDER}"

VIProductVersion "${VERSION4}"
VIAddVersionKey /LANG=2052 "ProductName" "${PROGRAM}"
VIAddVersionKey /LANG=2052 "ProductVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileVersion" "${VERSION}"
VIAddVersionKey /LANG=2052 "FileDescription" "${PROGRAM}安装程序"
VIAddVersionKey /LANG=2052 "LegalCopyright" "MIT"

!define MUI_ICON "${ICON}"
!define MUI_UNICON "${ICON}"
!define MUI_WELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_UNWELCOMEFINISHPAGE_BITMAP "${SIDE}"
!define MUI_ABORTWARNING
!define MUI_WELCOMEPAGE_TITLE "安装守望 ${VERSION}"
!define MUI_WELCOMEPAGE_TEXT "守望是学校留守儿童工作的台账软件，不联网。$\r$\n$\r$\n\
只装给您这一个用户，不需要管理员密码。$\r$\n$\r$\n\
以前装过守望也没关系：程序换成这一版，台账数据不动。新版第一次打开旧数据时，会先做好备份并核对。$\r$\n$\r$\n\
点「安装」开始，大约一分钟。"
!define MUI_FINISHPAGE_TITLE "守望 ${VERSION} 装好了"
!define MUI_FINISHPAGE_TEXT "桌面和「开始」菜单里都有「守望」。$\r$\n$\r$\n\
台账数据放在哪个文件夹，第一次打开时由您选定。安装、更新、卸载守望，都不动那个文件夹。"
!define MUI_FINISHPAGE_RUN "$INSTDIR\${WINDOW_EXE}"
!define MUI_FINISHPAGE_RUN_TEXT "现在打开守望"
!define MUI_UNCONFIRMPAGE_TEXT_TOP "只卸载守望程序，备份和日志也都留着。$\r$\n$DataWords"
!define MUI_FINISHPAGE_TEXT_LARGE

; Only unpacking can be broken off (a full disk, a file that security software holds), and that is beside the old program.
!define MUI_INSTFILESPAGE_ABORTHEADER_TEXT "守望没有装上"
!define MUI_INSTFILESPAGE_ABORTHEADER_SUBTEXT "原来的程序和台账数据都没有动。多半是磁盘满了，或安全软件拦住了，请处理好以后再装一次。"

!insertmacro MUI_PAGE_WELCOME
!insertmacro MUI_PAGE_INSTFILES
!insertmacro MUI_PAGE_FINISH
!insertmacro MUI_UNPAGE_CONFIRM
!insertmacro MUI_UNPAGE_INSTFILES
!define MUI_FINISHPAGE_TITLE "守望程序已卸载"
!define MUI_FINISHPAGE_TEXT "$DataWords$\r$\n$\r$\n以后重新安装守望，选回这个文件夹，台账就都在。"
!insertmacro MUI_UNPAGE_FINISH
!insertmacro MUI_LANGUAGE "SimpChinese"

; ---------------------------------------------------------------------------------------------- may it be installed

!macro REFUSE CODE WORDS
  MessageBox MB_OK|MB_ICONSTOP "${WORDS}" /SD IDOK
  SetErrorLevel ${CODE}
  Quit
!macroend

Function .onInit
  ; A folder named on the command line (/D=) is not taken: the old program's folder is emptied below.
  StrCpy $INSTDIR "${FOLDER}"
  ${IfNot} ${RunningX64}
    !insertmacro REFUSE 3 "这台电脑的 Windows 是 32 位的，守望只能装在 64 位的 Windows 10（1809 版以后）或 Windows 11 上。$\r$\n$\r$\n什么都没有改动。请换一台电脑安装。"
  ${EndIf}
  ${IfNot} ${AtLeastBuild} ${OLDEST_BUILD}
    !insertmacro REFUSE 3 "这台电脑的 Windows 太旧，守望需要 64 位的 Windows 10（1809 版以后）或 Windows 11。Windows 7 和 Windows 8 不支持。$\r$\n$\r$\n什么都没有改动。请先更新 Windows，或换一台电脑安装。"
  ${EndIf}
  System::Call 'kernel32::CreateMutexW(p 0, i 0, w "ShouwangInstaller") p .r1 ?e'
  Pop $0
  ${If} $0 = 183 ; it exists already
    !insertmacro REFUSE 2 "守望的安装程序已经开着一个，请用那一个。"
  ${EndIf}

  ReadRegStr $0 HKCU "${ENTRY}" "DisplayVersion"
  ${If} $0 != ""
    ${VersionCompare} $0 "${VERSION}" $1
    ${If} $1 = 1
      MessageBox MB_OKCANCEL|MB_ICONEXCLAMATION|MB_DEFBUTTON2 "电脑上装的守望是 $0，比这个安装程序（${VERSION}）新。$\r$\n$\r$\n换回旧版，台账数据不会动；但新版用过的数据，旧版可能打不开，要从升级前的备份恢复。$\r$\n$\r$\n点「确定」换成旧版，点「取消」保留现在的新版。" /SD IDCANCEL IDOK older
      SetErrorLevel 2
      Quit
      older:
    ${EndIf}
  ${EndIf}
FunctionEnd

; Wait until nobody uses the program: Windows gives no running program's file for writing.
!macro WAIT_UNTIL_CLOSED PREFIX
Function ${PREFIX}WaitUntilClosed
  again:
  StrCpy $0 ""
  ${For} $1 1 2
    ${If} $1 = 1
      StrCpy $2 "$INSTDIR\${WINDOW_EXE}"
    ${Else}
      StrCpy $2 "$INSTDIR\${CONSOLE_EXE}"
    ${EndIf}
    ${If} ${FileExists} "$2"
      ClearErrors
      FileOpen $3 "$2" a
      ${If} ${Errors}
        StrCpy $0 "open"
      ${Else}
        FileClose $3
      ${EndIf}
    ${EndIf}
  ${Next}
  ${If} $0 == "open"
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "守望还开着。请先关掉它（没保存完的内容会留着），再点「重试」。$\r$\n$\r$\n已经关了还是这样，等半分钟再点「重试」，或先重启电脑。" /SD IDCANCEL IDRETRY again
    RMDir /r "$INSTDIR\_new"
    SetErrorLevel 4
    Quit
  ${EndIf}
FunctionEnd
!macroend
!insertmacro WAIT_UNTIL_CLOSED ""
!insertmacro WAIT_UNTIL_CLOSED "un."

; -------------------------------------------------------------------------------------------------------- installing

; Move one thing of ours from FROM to TO in the program's folder; $Moved becomes "no" when Windows does not, and nothing
; is moved after that.
!macro MOVE NAME FROM TO
  ${If} $Moved == "yes"
  ${AndIf} ${FileExists} "$INSTDIR\${FROM}${NAME}"
    ClearErrors
    Rename "$INSTDIR\${FROM}${NAME}" "$INSTDIR\${TO}${NAME}"
    ${If} ${Errors}
      StrCpy $Moved "no"
    ${EndIf}
  ${EndIf}
!macroend

!macro SEE_THAT_IT_IS_WHOLE
  ${IfNot} ${FileExists} "$INSTDIR\${WINDOW_EXE}"
  ${OrIfNot} ${FileExists} "$INSTDIR\${CONSOLE_EXE}"
  ${OrIfNot} ${FileExists} "$INSTDIR\${LIBRARIES}\*.*"
    StrCpy $Moved "no"
  ${EndIf}
!macroend

; What stands in the place of something that was put into _old is a new one: back to where it came from.
!macro ASIDE NAME
  ${If} ${FileExists} "$INSTDIR\_old\${NAME}"
    !insertmacro MOVE "${NAME}" "" "_new\"
  ${EndIf}
!macroend

; Back to the program that was there; what the swap has put in its place goes aside. $Moved tells whether all went well.
; Here too the programs go first and come last.
Function PutOldBack
  StrCpy $Moved "yes"
  CreateDirectory "$INSTDIR\_new"
  !insertmacro ASIDE "${WINDOW_EXE}"
  !insertmacro ASIDE "${CONSOLE_EXE}"
  !insertmacro ASIDE "${LIBRARIES}"
  !insertmacro MOVE "${LIBRARIES}" "_old\" ""
  !insertmacro MOVE "${CONSOLE_EXE}" "_old\" ""
  !insertmacro MOVE "${WINDOW_EXE}" "_old\" ""
FunctionEnd

Section "-program"
  SetShellVarContext current
  Call WaitUntilClosed

  ; A power cut in the middle of the last swap left the old program aside and none, or half of the new one, in its place.
  StrCpy $Moved "yes"
  !insertmacro SEE_THAT_IT_IS_WHOLE
  ${If} $Moved == "no"
  ${AndIf} ${FileExists} "$INSTDIR\_old\${WINDOW_EXE}"
    Call PutOldBack
    ${If} $Moved == "no"
      ; What is left of it is kept: nothing else may be deleted or put in its place.
      MessageBox MB_OK|MB_ICONSTOP "上次更新没有做完，原来的守望程序还有一部分没有放回去（多半是安全软件正在查它）。台账数据没有动。$\r$\n$\r$\n请等半分钟，再运行一次这个安装程序；还不行，先重启电脑。" /SD IDOK
      SetErrorLevel 4
      Quit
    ${EndIf}
  ${EndIf}
  ; The new program is unpacked beside the old one first: a full disk or a power cut leaves the old one as it was.
  clear:
  RMDir /r "$INSTDIR\_new"
  RMDir /r "$INSTDIR\_old"
  ; What somebody still holds of a program replaced long ago must not be taken for a part of the one in use now.
  ${If} ${FileExists} "$INSTDIR\_old\${WINDOW_EXE}"
  ${OrIf} ${FileExists} "$INSTDIR\_old\${CONSOLE_EXE}"
  ${OrIf} ${FileExists} "$INSTDIR\_old\${LIBRARIES}"
    MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "上次换下来的旧程序文件还删不掉（多半是安全软件正在查它）。这一次什么都没有换，台账数据没有动。$\r$\n$\r$\n请等半分钟，再点「重试」；还不行，重启电脑，再运行一次这个安装程序。" /SD IDCANCEL IDRETRY clear
    SetErrorLevel 4
    Quit
  ${EndIf}
  SetOutPath "$INSTDIR\_new"
  File /r "${SOURCE}\*"
  SetOutPath "$INSTDIR"

  swap:
  Call WaitUntilClosed
  StrCpy $Moved "yes"
  CreateDirectory "$INSTDIR\_old"
  ; The programs go first and come last: half a swap is a program that does not start, never an old one on new libraries.
  !insertmacro MOVE "${WINDOW_EXE}" "" "_old\"
  !insertmacro MOVE "${CONSOLE_EXE}" "" "_old\"
  !insertmacro MOVE "${LIBRARIES}" "" "_old\"
  ${If} $Moved == "no"
    Call PutOldBack
    !insertmacro SEE_THAT_IT_IS_WHOLE
    ${If} $Moved == "yes"
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "原来的守望程序还在使用，没有换掉，还是原来那一版。$\r$\n$\r$\n请关掉守望，等半分钟（安全软件可能正在查它），再点「重试」。" /SD IDCANCEL IDRETRY swap
    ${Else}
      ; _old stays, for the retry or for the next run of an installer.
      MessageBox MB_RETRYCANCEL|MB_ICONEXCLAMATION "守望还没有换好，原来的程序也有一部分没有放回去（多半是安全软件正在查它）。台账数据没有动。$\r$\n$\r$\n请等半分钟，再点「重试」；还不行，重启电脑，再运行一次这个安装程序。" /SD IDCANCEL IDRETRY swap
    ${EndIf}
    RMDir /r "$INSTDIR\_new"
    SetErrorLevel 4
    Quit
  ${EndIf}
  !ifdef IN_THE_MIDDLE ; what a trial does to the new program here
    ${IN_THE_MIDDLE}
  !endif
  !insertmacro MOVE "${LIBRARIES}" "_new\" ""
  !insertmacro MOVE "${CONSOLE_EXE}" "_new\" ""
  !insertmacro MOVE "${WINDOW_EXE}" "_new\" ""
  ; What security software has taken away out of the new folder could not be moved, and nothing said so.
  !insertmacro SEE_THAT_IT_IS_WHOLE
  ${If} $Moved == "no"
    Call PutOldBack
    !insertmacro SEE_THAT_IT_IS_WHOLE
    ${If} $Moved == "yes"
      RMDir /r "$INSTDIR\_new"
      RMDir /r "$INSTDIR\_old"
      MessageBox MB_OK|MB_ICONSTOP "新的守望程序没有放好（多半是安全软件拦住了），已经换回原来那一版，可以照常使用。台账数据没有动。$\r$\n$\r$\n请在安全软件里允许、信任守望，再运行一次这个安装程序。" /SD IDOK
    ${Else}
      MessageBox MB_OK|MB_ICONSTOP "新的守望程序没有放好（多半是安全软件拦住了）。台账数据没有动。$\r$\n$\r$\n请在安全软件里允许、信任守望，再运行一次这个安装程序。" /SD IDOK
    ${EndIf}
    SetErrorLevel 2
    Quit
  ${EndIf}
  RMDir /r "$INSTDIR\_old"
  RMDir /r "$INSTDIR\_new"

  WriteUninstaller "$INSTDIR\${UNINSTALLER}"
  CreateShortcut "$SMPROGRAMS\${PROGRAM}.lnk" "$INSTDIR\${WINDOW_EXE}" "" "$INSTDIR\${WINDOW_EXE}" 0
  CreateShortcut "$DESKTOP\${PROGRAM}.lnk" "$INSTDIR\${WINDOW_EXE}" "" "$INSTDIR\${WINDOW_EXE}" 0

  SectionGetSize 0 $0
  WriteRegStr HKCU "${ENTRY}" "DisplayName" "${PROGRAM}"
  WriteRegStr HKCU "${ENTRY}" "DisplayVersion" "${VERSION}"
  WriteRegStr HKCU "${ENTRY}" "DisplayIcon" "$INSTDIR\${WINDOW_EXE}"
  WriteRegStr HKCU "${ENTRY}" "Publisher" "${PROGRAM}"
  WriteRegStr HKCU "${ENTRY}" "InstallLocation" "$INSTDIR"
  WriteRegStr HKCU "${ENTRY}" "UninstallString" '"$INSTDIR\${UNINSTALLER}"'
  WriteRegStr HKCU "${ENTRY}" "QuietUninstallString" '"$INSTDIR\${UNINSTALLER}" /S'
  WriteRegDWORD HKCU "${ENTRY}" "EstimatedSize" $0
  WriteRegDWORD HKCU "${ENTRY}" "NoModify" 1
  WriteRegDWORD HKCU "${ENTRY}" "NoRepair" 1
SectionEnd

Function .onInstFailed
  SetOutPath "$TEMP"
  RMDir /r "$INSTDIR\_new"
FunctionEnd

; ------------------------------------------------------------------------------------------------------ uninstalling

; Put into $DataWords where her data stay, as the settings of this user say it (app/core/settings.py: UTF-8 JSON).
Function un.FindData
  StrCpy $DataWords "台账数据还在您当初选定的「守望数据」文件夹里，没有动。"
  System::Call 'kernel32::CreateFileW(w "$LOCALAPPDATA\shouwang\settings.json", i 0x80000000, i 7, p 0, i 3, i 0, p 0) p .r0'
  ${If} $0 = -1
    Return
  ${EndIf}
  System::Alloc 1024
  Pop $1
  System::Call 'kernel32::ReadFile(p r0, p r1, i 1000, *i .r2, p 0)'
  System::Call 'kernel32::CloseHandle(p r0)'
  StrCpy $3 ""
  ${If} $2 > 0
    System::Call 'kernel32::MultiByteToWideChar(i 65001, i 0, p r1, i r2, w .r3, i 1001)'
  ${EndIf}
  System::Free $1
  ClearErrors
  ${un.WordFind2X} "$3" '"data_folder": "' '"' "E+1" $4
  ${If} ${Errors}
    Return
  ${EndIf}
  ${un.WordReplace} "$4" "\\" "\" "+" $4
  ${If} ${FileExists} "$4\*.*"
    StrCpy $DataWords "台账数据还在这里，没有动：$\r$\n$4"
  ${EndIf}
FunctionEnd

Function un.onInit
  StrCpy $INSTDIR "${FOLDER}"
  Call un.FindData
FunctionEnd

Section "Uninstall"
  SetShellVarContext current
  Call un.WaitUntilClosed
  SetOutPath "$TEMP"
  Delete "$INSTDIR\${WINDOW_EXE}"
  Delete "$INSTDIR\${CONSOLE_EXE}"
  Delete "$INSTDIR\${UNINSTALLER}"
  RMDir /r "$INSTDIR\${LIBRARIES}"
  RMDir /r "$INSTDIR\_new"
  RMDir /r "$INSTDIR\_old"
  RMDir "$INSTDIR" ; only when nothing else lies in it
  Delete "$SMPROGRAMS\${PROGRAM}.lnk"
  Delete "$DESKTOP\${PROGRAM}.lnk"
  DeleteRegKey HKCU "${ENTRY}"
SectionEnd
