# cmake -DSOURCE=proto/touchpoint.proto -DTARGET=….c -DHEADER=proto/schema_text.h
#       -DNAME=wh_schema_text_touchpoint -P embed.cmake
# makes a C file that holds the text, so that the program can print or send it.
file(READ ${SOURCE} text HEX)
string(REGEX REPLACE "([0-9a-f][0-9a-f])" "0x\\1, " text "${text}")
file(WRITE ${TARGET} "#include \"${HEADER}\"\n\n"
                     "const unsigned char ${NAME}[] = {\n${text}0};\n")
