/* Why the system refused, in its words. */
#ifndef WH_CONNECTORS_FILE_REASON_H
#define WH_CONNECTORS_FILE_REASON_H

#define WH_FILE_REASON_MAX 128

struct wh_file_reason {
    char text[WH_FILE_REASON_MAX];
};

/* Of errno; strerror itself is not for several threads. */
struct wh_file_reason wh_file_reason_of(int code);

#endif
