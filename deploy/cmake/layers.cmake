# How the layers, the program and the tests become targets.

# wh_layer(NAME SOURCES GLOB… [USES TARGET…] [PROTOCOL_BUFFERS GLOB…] [LINK_BY_INCLUDE])
# makes the static library wh_NAME; a layer without sources yet carries its dependencies only.
function(wh_layer name)
    cmake_parse_arguments(PARSE_ARGV 1 arg "LINK_BY_INCLUDE" "" "SOURCES;USES;PROTOCOL_BUFFERS")
    file(GLOB sources CONFIGURE_DEPENDS ${arg_SOURCES})
    if(arg_PROTOCOL_BUFFERS)
        file(GLOB schemas CONFIGURE_DEPENDS ${arg_PROTOCOL_BUFFERS})
        wh_generate(generated ${schemas})
    endif()
    if(sources OR generated)
        add_library(wh_${name} STATIC ${sources} ${generated})
        set(scope PUBLIC)
    else()
        add_library(wh_${name} INTERFACE)
        set(scope INTERFACE)
    endif()
    target_include_directories(wh_${name} ${scope} ${CMAKE_SOURCE_DIR})
    target_include_directories(wh_${name} SYSTEM ${scope} ${CMAKE_BINARY_DIR})
    target_link_libraries(wh_${name} ${scope} ${arg_USES})
    if(arg_LINK_BY_INCLUDE)
        wh_link_by_include(wh_${name} ${scope} ${sources})
    endif()
endfunction()

# wh_generate(RET SCHEMA…) compiles .proto files; their own warnings are not ours to mend.
function(wh_generate ret)
    foreach(schema IN LISTS ARGN)
        cmake_path(RELATIVE_PATH schema BASE_DIRECTORY ${CMAKE_SOURCE_DIR})
        string(REGEX REPLACE "[.]proto$" ".pb-c" output ${CMAKE_BINARY_DIR}/${schema})
        add_custom_command(OUTPUT ${output}.c ${output}.h
            COMMAND ${WH_PROGRAM_protoc-c} --proto_path=${CMAKE_SOURCE_DIR}
                    --c_out=${CMAKE_BINARY_DIR} ${schema}
            DEPENDS ${schema} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM)
        set_source_files_properties(${output}.c PROPERTIES
            COMPILE_OPTIONS "-Wno-conversion;-Wno-pedantic;-Wno-switch-enum")
        # The text itself goes into the program, too: `waterhole schema --proto` prints it.
        cmake_path(GET schema STEM name)
        wh_embed(text ${schema} proto/schema_text.h wh_schema_text_${name})
        list(APPEND generated ${output}.c ${output}.h ${text})
    endforeach()
    set(${ret} ${generated} PARENT_SCOPE)
endfunction()

# wh_embed(RET SOURCE HEADER NAME) makes a C file that holds the bytes of SOURCE as the array NAME,
# which HEADER declares.
function(wh_embed ret source header name)
    set(target ${CMAKE_BINARY_DIR}/${source}.text.c)
    add_custom_command(OUTPUT ${target}
        COMMAND ${CMAKE_COMMAND} -DSOURCE=${CMAKE_SOURCE_DIR}/${source} -DTARGET=${target}
                -DHEADER=${header} -DNAME=${name}
                -P ${CMAKE_SOURCE_DIR}/deploy/cmake/embed.cmake
        DEPENDS ${CMAKE_SOURCE_DIR}/${source} ${CMAKE_SOURCE_DIR}/deploy/cmake/embed.cmake VERBATIM)
    set(${ret} ${target} PARENT_SCOPE)
endfunction()

# wh_embed_folder(RET FOLDER) makes a C file that holds every file of the folder's folders.
function(wh_embed_folder ret folder)
    file(GLOB files CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/${folder}/*/*)
    set(target ${CMAKE_BINARY_DIR}/${folder}.c)
    add_custom_command(OUTPUT ${target}
        COMMAND ${CMAKE_COMMAND} -DFOLDER=${CMAKE_SOURCE_DIR}/${folder} -DTARGET=${target}
                -P ${CMAKE_SOURCE_DIR}/deploy/cmake/embed-folder.cmake
        DEPENDS ${files} ${CMAKE_SOURCE_DIR}/deploy/cmake/embed-folder.cmake VERBATIM)
    set(${ret} ${target} PARENT_SCOPE)
endfunction()

function(wh_executable name)
    add_executable(${name} ${ARGN})
    target_include_directories(${name} PRIVATE ${CMAKE_SOURCE_DIR})
endfunction()

# wh_link_by_include(TARGET SCOPE SOURCE…) links the layers of which the sources include a header.
function(wh_link_by_include target scope)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${ARGN})
    set(layers)
    foreach(source IN LISTS ARGN)
        file(STRINGS ${source} lines REGEX "^#include \"(engine|proto|connectors|tests/support)/")
        foreach(line IN LISTS lines)
            string(REGEX MATCH "(engine/([a-z]+)|(proto|connectors))/" match "${line}")
            list(APPEND layers ${CMAKE_MATCH_2}${CMAKE_MATCH_3})
            if(line MATCHES "tests/support/")
                list(APPEND layers test_support)
            endif()
        endforeach()
    endforeach()
    list(REMOVE_DUPLICATES layers)
    list(TRANSFORM layers PREPEND wh_)
    list(REMOVE_ITEM layers ${target})
    target_link_libraries(${target} ${scope} ${layers})
endfunction()

# wh_test(FILE) makes one cmocka program, run by CTest from the top folder.
function(wh_test source)
    cmake_path(GET source STEM name)
    wh_executable(${name} ${source})
    target_link_libraries(${name} PRIVATE need::cmocka)
    wh_link_by_include(${name} PRIVATE ${source})
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR})
    set_tests_properties(${name} PROPERTIES TIMEOUT 300)
endfunction()

# wh_fuzz(FILE) makes the libFuzzer program fuzz_NAME; make_seeds is an ordinary one.
function(wh_fuzz source)
    cmake_path(GET source STEM name)
    wh_executable(fuzz_${name} ${source})
    wh_link_by_include(fuzz_${name} PRIVATE ${source})
    if(NOT name STREQUAL make_seeds)
        target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
    endif()
endfunction()

# wh_plant(TARGET LAYER) links the target with the layer compiled once more, with the bugs that it
# can be told to have (planted.h), instead of with the layer itself.
function(wh_plant target layer)
    get_target_property(sources wh_${layer} SOURCES)
    get_target_property(uses wh_${layer} LINK_LIBRARIES)
    add_library(wh_${layer}_planted STATIC ${sources})
    target_compile_definitions(wh_${layer}_planted PRIVATE WH_PLANTED_BUGS)
    target_include_directories(wh_${layer}_planted PUBLIC ${CMAKE_SOURCE_DIR})
    target_include_directories(wh_${layer}_planted SYSTEM PUBLIC ${CMAKE_BINARY_DIR})
    target_link_libraries(wh_${layer}_planted PUBLIC ${uses})
    get_target_property(libraries ${target} LINK_LIBRARIES)
    list(TRANSFORM libraries REPLACE "^wh_${layer}$" wh_${layer}_planted)
    set_target_properties(${target} PROPERTIES LINK_LIBRARIES "${libraries}")
    target_compile_definitions(${target} PRIVATE WH_PLANTED_BUGS)
endfunction()
