# WATERHOLE_BUILD chooses the compiler flags. Assertions stay on in every kind, release included,
# which is why CMake's own build types (some of which define NDEBUG) are not used.
set(WATERHOLE_BUILD release CACHE STRING "release, dev, tsan or coverage")
set_property(CACHE WATERHOLE_BUILD PROPERTY STRINGS release dev tsan coverage)
set(CMAKE_BUILD_TYPE "" CACHE STRING "Not used, see WATERHOLE_BUILD" FORCE)

set(release_options -O2 -g)
set(dev_options -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined
                -fno-sanitize-recover=all -Werror)
set(tsan_options -O1 -g -fno-omit-frame-pointer -fsanitize=thread -Werror)
set(coverage_options -O0 -g --coverage)
# Clang's dev build is also the one that the fuzzer drives: it sees which way the code takes.
set(WATERHOLE_FUZZES OFF)
if(WATERHOLE_BUILD STREQUAL dev AND CMAKE_C_COMPILER_ID STREQUAL Clang)
    set(WATERHOLE_FUZZES ON)
    list(APPEND dev_options -fsanitize=fuzzer-no-link)
endif()
if(NOT DEFINED ${WATERHOLE_BUILD}_options)
    message(FATAL_ERROR "WATERHOLE_BUILD is '${WATERHOLE_BUILD}': "
                        "expected release, dev, tsan or coverage.")
endif()

# Who builds a release to use it does not need what only tests need.
set(WATERHOLE_BUILDS_TESTS ON)
if(WATERHOLE_BUILD STREQUAL release)
    set(WATERHOLE_BUILDS_TESTS OFF)
endif()

set(CMAKE_C_STANDARD 17)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
add_compile_definitions(_POSIX_C_SOURCE=200809L)
add_compile_options(-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wswitch-enum
                    -Wmissing-prototypes -Wstrict-prototypes -Wvla -Wundef -Wformat=2
                    ${${WATERHOLE_BUILD}_options})
add_link_options(${${WATERHOLE_BUILD}_options})
