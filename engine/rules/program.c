#include "engine/rules/program.h"

#include <assert.h>

const char *
wh_op_str(enum wh_op op)
{
    static const char *const names[WH_OP_COUNT] = {
#define OP(name, operands, what) [WH_OP_##name] = #name,
#include "engine/rules/opcodes.def"
#undef OP
    };
    assert(op < WH_OP_COUNT);
    return names[op];
}
