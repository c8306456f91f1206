#include "segmenter/accurate.h"

#include "segmenter/best_path.h"
#include "segmenter/hmm.h"
#include "segmenter/output.h"

/* Cut a run of two or more characters that are single on the best path: by the model, unless the
 * run is a word of the dictionary. Then jieba puts each character alone. */
static void cut_single_run(struct segmenter *seg, size_t begin, size_t end)
{
    if (!dict_find(seg->dict, seg->labels + begin, end - begin)) {
        cut_by_hmm(seg, begin, end);
        return;
    }
    for (size_t i = begin; i < end; i++)
        output_put_range(seg, i, i + 1);
}

void cut_hmm(struct segmenter *seg)
{
    find_best_path(seg);
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (ends[end] != i + 2) { /* This word is not the first of two single characters. */
            output_put_word(seg, i, end);
            continue;
        }
        for (end = i + 2; ends[end] == end + 1;)
            end++;
        cut_single_run(seg, i, end);
    }
}

void cut_no_hmm(struct segmenter *seg)
{
    find_best_path(seg);
    const uint32_t *ends = seg->ends;
    for (size_t i = 0, end; i < seg->n; i = end) {
        end = ends[i];
        if (label_is_alnum(seg->labels[i]) && end == i + 1) {
            /* Join single letters and digits to one word. */
            while (label_is_alnum(seg->labels[end]) && ends[end] == end + 1)
                end++;
        }
        output_put_word(seg, i, end);
    }
}
