# cmake -DFOLDER=deploy/starters -DTARGET=….c -P embed-folder.cmake makes a C file that holds every
# file of the folder's folders, for `waterhole new` (engine/commands/starter.h).
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*/*)
set(number 0)
set(arrays "")
set(rows "")
foreach(file IN LISTS files)
    cmake_path(GET file PARENT_PATH like)
    cmake_path(GET file FILENAME name)
    file(READ ${FOLDER}/${file} text HEX)
    string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " text "${text}")
    string(APPEND arrays "static const unsigned char file_${number}[] = {\n${text}0};\n")
    string(APPEND rows "    {\"${like}\", \"${name}\", file_${number}, "
                       "sizeof(file_${number}) - 1},\n")
    math(EXPR number "${number} + 1")
endforeach()
file(WRITE ${TARGET} "#include \"engine/commands/starter.h\"\n\n${arrays}\n"
                     "const struct wh_starter_file wh_starter_files[] = {\n${rows}};\n"
                     "const size_t wh_starter_file_count = ${number};\n")
