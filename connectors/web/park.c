#include "connectors/web/park.h"

#include "connectors/web/connections.h"
#include "connectors/web/state.h"

void
wh_web_park(struct wh_web_request *request)
{
    wh_web_connections_set_phase(request->connection, WH_WEB_PHASE_PARKED);
    MHD_suspend_connection(request->handle);
}

void
wh_web_park_end(struct wh_web_request *request)
{
    wh_web_connections_set_phase(request->connection, WH_WEB_PHASE_ANSWERING);
    MHD_resume_connection(request->handle);
}

void
wh_web_park_cut(struct wh_web_request *request)
{
    wh_web_connections_cut(request->connection);
}
