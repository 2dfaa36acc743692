/* A model has two sides, that of the leads and that of the companies: what they share. */
#include "engine/language/compiler.h"
#include "engine/language/scope.h"

#define COMPANY_TOUCHES 10000 /* rules-reference.md 6 */

/* A copy with room to grow as wh_compiler_room makes it. */
static void *
copy_items(struct wh_compiler *compiler, const void *items, size_t count, size_t size)
{
    size_t capacity = 1;
    while (capacity < count) {
        capacity *= 2;
    }
    return wh_arena_grow(compiler->arena, items, count, capacity, size);
}

static void
share_lists(struct wh_compiler *company, const struct wh_compiler *leads)
{
    size_t count = leads->named_list_count;
    company->lists = copy_items(company, leads->lists, count, sizeof(struct wh_text_list));
    company->named_list_count = count;
    company->ruleset->list_count = count;
    company->ruleset->lists = company->lists;
}

void
wh_compiler_share(struct wh_compiler *company, const struct wh_compiler *leads)
{
    struct wh_ruleset *to = company->ruleset;
    const struct wh_ruleset *from = leads->ruleset;
    company->constants = leads->constants;
    company->scope = (struct wh_scope){0};
    wh_table_init(&company->scope.index, company->arena);
    for (size_t i = 0; i < leads->scope.count; i++) {
        const struct wh_definition *known = &leads->scope.items[i];
        if (known->kind <= WH_NAME_SCHEDULE) {
            (void)wh_scope_define(company, known->kind, known->index, known->name,
                                  &known->location);
        }
    }
    company->tables = leads->tables;
    company->schedules = leads->schedules;
    share_lists(company, leads);
    to->tables = from->tables;
    to->table_count = from->table_count;
    to->schedules = from->schedules;
    to->schedule_count = from->schedule_count;
    to->places = from->places;
    to->place_count = from->place_count;
    to->minimum = from->minimum;
    to->history_touches = COMPANY_TOUCHES;
}

void
wh_compiler_note_reads(struct wh_compiler *company)
{
    for (size_t i = 0; i < company->scope.count; i++) {
        struct wh_definition *own = &company->scope.items[i];
        struct wh_definition *other = wh_scope_find(company->other, own->name);
        if (other != NULL) {
            own->is_read = other->is_read = own->is_read || other->is_read;
        }
    }
}
