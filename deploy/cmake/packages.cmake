# Looks for libraries and programs. What the machine has comes first; what its release lacks is
# taken from the folder into which deploy/setup unpacks it.
include(GNUInstallDirs)
set(WATERHOLE_PACKAGES ${CMAKE_SOURCE_DIR}/build/packages/root CACHE PATH
    "Folder of the libraries that deploy/setup fetched for this build only")

# wh_need(LIBRARY HEADER PACKAGE) makes the target need::LIBRARY or stops, naming the package.
function(wh_need name header package)
    find_library(WH_LIBRARY_${name} ${name} 
                 PATHS ${WATERHOLE_PACKAGES}/usr/lib/${CMAKE_LIBRARY_ARCHITECTURE})
    find_path(WH_INCLUDE_${name} ${header} PATHS ${WATERHOLE_PACKAGES}/usr/include)
    mark_as_advanced(WH_LIBRARY_${name} WH_INCLUDE_${name})
    if(NOT WH_LIBRARY_${name} OR NOT WH_INCLUDE_${name})
        message(FATAL_ERROR "The library ${name} is missing: run deploy/setup, or install the "
                            "Debian package ${package}.")
    endif()
    add_library(need::${name} UNKNOWN IMPORTED)
    set_target_properties(need::${name} PROPERTIES
        IMPORTED_LOCATION ${WH_LIBRARY_${name}}
        INTERFACE_INCLUDE_DIRECTORIES ${WH_INCLUDE_${name}})
endfunction()

# wh_need_program(PROGRAM PACKAGE) sets WH_PROGRAM_<PROGRAM> or stops, naming the package.
function(wh_need_program name package)
    find_program(WH_PROGRAM_${name} ${name})
    mark_as_advanced(WH_PROGRAM_${name})
    if(NOT WH_PROGRAM_${name})
        message(FATAL_ERROR "The program ${name} is missing: run deploy/setup, or install the "
                            "Debian package ${package}.")
    endif()
endfunction()

# Libraries out of WATERHOLE_PACKAGES go with the installed program, which finds them by its rpath.
function(wh_install_private_libraries target)
    cmake_path(IS_PREFIX WATERHOLE_PACKAGES "${WH_LIBRARY_yyjson}" is_private)
    if(is_private)
        file(GLOB shared_objects ${WH_LIBRARY_yyjson}*)
        install(FILES ${shared_objects} DESTINATION ${CMAKE_INSTALL_LIBDIR}/waterhole)
        set_target_properties(${target} PROPERTIES
            INSTALL_RPATH "$ORIGIN/../${CMAKE_INSTALL_LIBDIR}/waterhole")
    endif()
endfunction()
