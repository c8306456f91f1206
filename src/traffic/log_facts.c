#include "traffic/log_facts.h"

void log_facts_refuse(struct log_facts *facts, const char *reason, struct str line)
{
    if (facts->n_refused < LOG_FACTS_REFUSED) {
        struct log_facts_refused *refused = &facts->refused[facts->n_refused];
        refused->line = facts->lines;
        refused->reason = reason;
        line.len = line.len < LOG_FACTS_TEXT ? line.len : LOG_FACTS_TEXT;
        escape_text(line, refused->text, sizeof refused->text);
    }
    facts->n_refused++;
}

void log_facts_skip(struct log_facts *facts, const char *reason)
{
    int i = 0;
    while (i < LOG_FACTS_REASONS - 1 && facts->skipped[i].reason &&
           strcmp(facts->skipped[i].reason, reason) != 0)
        i++;
    facts->skipped[i].reason = reason;
    facts->skipped[i].n++;
}

void log_facts_add(struct log_facts *facts, const struct record *record)
{
    int64_t second = record->arrival_us / 1000000;
    bool is_first = facts->requests++ == 0;
    if (is_first || second < facts->first_second)
        facts->first_second = second;
    if (is_first || second > facts->last_second)
        facts->last_second = second;
    if (is_first)
        facts->utc_offset_s = record->utc_offset_s;
    if (record->resolution_us > facts->resolution_us)
        facts->resolution_us = record->resolution_us;
    if (record->duration)
        facts->duration = record->duration;
    facts->stamp = record->stamp;
}
