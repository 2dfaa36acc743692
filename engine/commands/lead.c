#include "engine/commands/command.h"
enum wh_exit
wh_command_lead(const struct wh_call *call)
{
    (void)call;
    return WH_EXIT_OUTSIDE;
}
