/* Sessions: runs of acts of source web or product with pauses shorter than sessions.gap
 * (rules.md 12). */
#include "engine/score/family.h"

static void
begin(struct wh_position *position, int64_t *session)
{
    session[WH_SESSION_CELL_GAP] =
        session[WH_SESSION_CELL_BEGUN] != 0 ? position->at - session[WH_SESSION_CELL_LAST] : -1;
    session[WH_SESSION_CELL_BEGUN] = 1;
    session[WH_SESSION_CELL_NUMBER]++;
    session[WH_SESSION_CELL_START] = position->at;
    session[WH_SESSION_CELL_PAGES] = 0;
    session[WH_SESSION_CELL_TOUCHES] = 0;
    position->begins_session = true;
}

void
wh_session_move(struct wh_position *position)
{
    uint8_t flags = position->timeline->state->history.flags[position->row];
    int64_t *session = position->fold->cells + position->ruleset->layout.session;
    if ((flags & WH_ROW_SITE) == 0) {
        return;
    }
    if (!wh_position_in_session(position)) {
        begin(position, session);
    }
    session[WH_SESSION_CELL_LAST] = position->at;
    session[WH_SESSION_CELL_TOUCHES]++;
    session[WH_SESSION_CELL_PAGES] += (flags & WH_ROW_PAGE) != 0 ? 1 : 0;
}
