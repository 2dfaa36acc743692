/* A recorded touchpoint without the people in it. What becomes of each member:
 *
 *   identifiers.*, and kind:value in properties of identity.*     pseudonym (pseudonym.h)
 *   company.domain                                                pseudonym of the domain
 *   network.organisation                                          hash, without its case
 *   lead.* but role, industry, country; company.* but industry, country;
 *   properties.* but reason; names that are not of a touchpoint;
 *   session, campaign.click_id                                    hash
 *   page.url, page.referrer, page.query                           values of parameters: hash, but
 *                                                                 those of utm_…
 *   network.ip                                                    gone
 *   every other text                                              as it is, but for e-mail
 *                                                                 addresses in it: pseudonym
 *   numbers, truth values, null, times, names of members          as they are
 *
 * What is named to be kept is kept as it is. Hashing touches texts only; a list or an object under
 * a hashed name has its texts hashed. */
#ifndef WH_COMMANDS_RECORD_MASK_H
#define WH_COMMANDS_RECORD_MASK_H

#include "engine/base/buf.h"
#include "engine/commands/pseudonym.h"

#define WH_MASK_KEPT_MAX 64

struct wh_mask {
    struct wh_pseudonyms names;
    struct wh_str kept[WH_MASK_KEPT_MAX]; /* lead.NAME, company.NAME, properties.NAME; borrowed */
    size_t kept_count;
};

/* Pushes the record, a JSON object that was accepted once, without line break. False: it is none;
 * what was pushed is of no use. */
bool wh_mask_record(const struct wh_mask *mask, struct wh_str record, struct wh_buf *buf);

#endif
