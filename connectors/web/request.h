/* One request from its first header to its end, as the library calls. */
#ifndef WH_CONNECTORS_WEB_REQUEST_H
#define WH_CONNECTORS_WEB_REQUEST_H

#include "connectors/web/state.h"

/* Of MHD_AccessHandlerCallback; self is the server. */
enum MHD_Result wh_web_request_on_access(void *self, struct MHD_Connection *handle, const char *url,
                                         const char *method, const char *version, const char *bytes,
                                         size_t *size, void **ret_request);

/* Of MHD_RequestCompletedCallback. */
void wh_web_request_on_completed(void *self, struct MHD_Connection *handle, void **context,
                                 enum MHD_RequestTerminationCode code);

/* Of MHD_NotifyConnectionCallback: keeps the list of connections. */
void wh_web_request_on_connection(void *self, struct MHD_Connection *handle, void **context,
                                  enum MHD_ConnectionNotificationCode code);

#endif
