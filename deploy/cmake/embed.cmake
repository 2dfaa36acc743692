# cmake -DSOURCE=proto/touchpoint.proto -DTARGET=….c -P embed.cmake makes a C file that holds the
# text, so that the program can print it (proto/schema_text.h).
cmake_path(GET SOURCE STEM name)
file(READ ${SOURCE} text HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " text "${text}")
file(WRITE ${TARGET} "#include \"proto/schema_text.h\"\n\n"
                     "const unsigned char wh_schema_text_${name}[] = {\n${text}0};\n")
