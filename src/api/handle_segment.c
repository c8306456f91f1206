/*
 * GET and POST /segment: cuts Chinese text, or many of them ("texts"), into words, with their parts
 * of speech and their places if it is asked to, and explains how one text is cut.
 */
#include "api/explanation.h"
#include "api/handler.h"
#include "api/text_request.h"
#include "api/words.h"
#include "segmenter/offsets.h"

/* openapi:
"/segment": {
  "parameters": [
    {
      "name": "mode", "in": "query",
      "description": "accurate: the most likely words; full: every word of the dictionary that is in the text; search: accurate, and the shorter words in long ones",
      "schema": {"type": "string", "enum": ["accurate", "full", "search"], "default": "accurate"}
    },
    {
      "name": "hmm", "in": "query",
      "description": "Whether a model finds words that the dictionary does not have",
      "schema": {"type": "string", "enum": ["1", "0"], "default": "1"}
    },
    {
      "name": "pos", "in": "query",
      "description": "Part-of-speech tags, as jieba.posseg gives them; with mode=accurate only",
      "schema": {"type": "string", "enum": ["1", "0"], "default": "0"}
    },
    {
      "name": "offsets", "in": "query",
      "description": "Where each word begins and ends, in code points; not with mode=full",
      "schema": {"type": "string", "enum": ["1", "0"], "default": "0"}
    },
    {
      "name": "explain", "in": "query",
      "description": "Why these words, and what would change them; with mode=accurate and without pos only, and for 1000 characters at most",
      "schema": {"type": "string", "enum": ["1", "0"], "default": "0"}
    }
  ],
  "get": {
    "operationId": "segment",
    "summary": "Cut a text into words",
    "x-refusals": ["pos needs mode=accurate", "offsets needs mode=accurate or mode=search", "explain needs mode=accurate", "explain needs pos=0", "Too long to explain: at most 1000 characters"],
    "parameters": [
      {
        "name": "text", "in": "query", "example": "我来到北京清华大学",
        "description": "No text gives no words",
        "schema": {"type": "string", "default": ""}
      }
    ],
    "responses": {
      "200": {
        "description": "The words",
        "content": {"application/json": {
          "schema": {"$ref": "#/components/schemas/Words"},
          "example": {"words": ["我", "来到", "北京", "清华大学"]}
        }}
      },
      "400": {"$ref": "#/components/responses/BadRequest"},
      "413": {"$ref": "#/components/responses/TooLarge"},
      "414": {"$ref": "#/components/responses/TooLong"},
      "429": {"$ref": "#/components/responses/Busy"},
      "5XX": {"$ref": "#/components/responses/Failure"}
    }
  },
  "post": {
    "operationId": "segmentBody",
    "summary": "Cut a text, or many, of up to 2 MB into words",
    "description": "An option in a JSON body goes before the one of the query.",
    "x-refusals": ["pos needs mode=accurate", "offsets needs mode=accurate or mode=search", "explain needs mode=accurate", "explain needs pos=0", "explain needs one text", "Invalid texts", "Invalid JSON: NUL byte in object key not supported", "Too long to explain: at most 1000 characters"],
    "requestBody": {
      "required": true,
      "content": {
        "application/json": {
          "schema": {
            "type": "object",
            "properties": {
              "text": {"type": ["string", "null"]},
              "texts": {"description": "In place of text: many", "type": ["array", "null"], "items": {"type": "string"}, "maxItems": 10000},
              "mode": {"enum": ["accurate", "full", "search", null]},
              "hmm": {"$ref": "#/components/schemas/JsonFlag"},
              "pos": {"$ref": "#/components/schemas/JsonFlag"},
              "offsets": {"$ref": "#/components/schemas/JsonFlag"},
              "explain": {"$ref": "#/components/schemas/JsonFlag"}
            }
          },
          "example": {"text": "我来到北京清华大学", "mode": "full"}
        },
        "text/plain": {"schema": {"type": "string"}, "example": "我来到北京清华大学"}
      }
    },
    "responses": {
      "200": {
        "description": "The words of the text, or of each of the texts",
        "content": {"application/json": {
          "schema": {"anyOf": [
            {"$ref": "#/components/schemas/Words"},
            {
              "type": "object",
              "properties": {"results": {"type": "array", "items": {"$ref": "#/components/schemas/Words"}}},
              "required": ["results"],
              "additionalProperties": false
            }
          ]},
          "example": {"words": ["我", "来到", "北京", "清华", "清华大学", "华大", "大学"]}
        }}
      },
      "400": {"$ref": "#/components/responses/BadRequest"},
      "413": {"$ref": "#/components/responses/TooLarge"},
      "414": {"$ref": "#/components/responses/TooLong"},
      "415": {"$ref": "#/components/responses/UnsupportedType"},
      "429": {"$ref": "#/components/responses/Busy"},
      "5XX": {"$ref": "#/components/responses/Failure"}
    }
  }
}
*/

/* openapi schemas:
"Words": {
  "type": "object",
  "properties": {
    "words": {"type": "array", "items": {"type": "string"}},
    "tags": {"type": "array", "items": {"type": "string", "minLength": 1}},
    "offsets": {"type": "array", "items": {
      "type": "array", "items": {"type": "integer", "minimum": 0}, "minItems": 2, "maxItems": 2
    }},
    "explain": {"$ref": "#/components/schemas/Explanation"}
  },
  "required": ["words"],
  "additionalProperties": false
},
"Explanation": {
  "description": "Positions are code points of the text; the blocks follow on one another and cover it",
  "type": "object",
  "properties": {
    "total": {"description": "The sum of all frequencies", "type": "integer", "minimum": 0},
    "blocks": {"type": "array", "items": {
      "type": "object",
      "properties": {
        "kind": {"description": "block: looked up in the dictionary; between: no word can be made of it; phrase: a word with spaces or symbols", "enum": ["block", "between", "phrase"]},
        "text": {"type": "string"},
        "start": {"type": "integer", "minimum": 0},
        "end": {"type": "integer", "minimum": 1},
        "graph": {"description": "Every word that stands here", "type": "array", "items": {
          "type": "object",
          "properties": {
            "word": {"type": "string"},
            "start": {"type": "integer", "minimum": 0},
            "end": {"type": "integer", "minimum": 1},
            "freq": {"description": "null: in no row", "type": ["integer", "null"]},
            "logp": {"type": "number", "maximum": 0},
            "on_route": {"type": "boolean"}
          },
          "required": ["word", "start", "end", "freq", "logp", "on_route"],
          "additionalProperties": false
        }},
        "route": {"description": "The most probable way through the graph", "type": "array", "items": {"type": "string"}},
        "route_logp": {"type": "number", "maximum": 0},
        "model": {"description": "What the model made of what was left in single characters", "type": "array", "items": {
          "type": "object",
          "properties": {
            "text": {"type": "string"},
            "start": {"type": "integer", "minimum": 0},
            "end": {"type": "integer", "minimum": 1},
            "words": {"type": "array", "items": {"type": "string"}}
          },
          "required": ["text", "start", "end", "words"],
          "additionalProperties": false
        }},
        "words": {"description": "The words of the answer, and what decided each", "type": "array", "items": {
          "type": "object",
          "properties": {
            "word": {"type": "string"},
            "start": {"type": "integer", "minimum": 0},
            "end": {"type": "integer", "minimum": 1},
            "from": {"enum": ["words", "model", "rule"]},
            "row": {"type": ["string", "null"]},
            "freq": {"type": ["integer", "null"]}
          },
          "required": ["word", "start", "end", "from", "row", "freq"],
          "additionalProperties": false
        }},
        "changes": {"description": "What would change the answer", "type": "array", "items": {
          "type": "object",
          "properties": {
            "do": {"enum": ["join", "keep", "split"]},
            "word": {"type": "string"},
            "pieces": {"type": "array", "items": {"type": "string"}, "minItems": 2},
            "start": {"type": "integer", "minimum": 0},
            "end": {"type": "integer", "minimum": 1},
            "freq": {"type": "integer", "minimum": 0},
            "sql": {"type": "string"},
            "gives": {"type": "array", "items": {"type": "string"}},
            "works": {"type": "boolean"}
          },
          "required": ["do", "word", "pieces", "start", "end", "freq", "sql", "gives", "works"],
          "additionalProperties": false
        }}
      },
      "required": ["kind", "text", "start", "end", "words"],
      "additionalProperties": false
    }}
  },
  "required": ["total", "blocks"],
  "additionalProperties": false
}
*/

#define MAX_TEXTS 10000
#define TOO_MANY  "Too many texts: at most 10000"
#define TOO_LONG  "Too long to explain: at most 1000 characters"

struct options {
    struct words_options words;
    bool explain;
};

static const struct {
    const char *name;
    enum segment_mode mode;
} modes[] = {
    {"accurate", SEGMENT_ACCURATE},
    {"full", SEGMENT_FULL},
    {"search", SEGMENT_SEARCH},
};

static bool read_mode(struct str name, enum segment_mode *mode)
{
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        if (str_is(name, modes[i].name)) {
            *mode = modes[i].mode;
            return true;
        }
    }
    return false;
}

/* What is wrong with options that do not go together, or NULL. */
static const char *find_conflict(const struct options *options)
{
    if (options->explain && options->words.mode != SEGMENT_ACCURATE)
        return "explain needs mode=accurate";
    if (options->explain && options->words.pos)
        return "explain needs pos=0";
    return words_conflict(&options->words);
}

/* Read the options; what is wrong with them, or NULL. */
static const char *read_options(const struct text_request *request, struct options *options)
{
    struct words_options *words = &options->words;
    *options = (struct options){.words.hmm = true};
    if (!read_mode(text_request_option(request, "mode", "accurate"), &words->mode))
        return "Invalid mode";
    if (!text_request_flag(request, "hmm", &words->hmm))
        return "Invalid hmm";
    if (!text_request_flag(request, "pos", &words->pos))
        return "Invalid pos";
    if (!text_request_flag(request, "offsets", &words->offsets))
        return "Invalid offsets";
    if (!text_request_flag(request, "explain", &options->explain))
        return "Invalid explain";
    return find_conflict(options);
}

/* Answer a request for one text. */
static int cut(struct api *api, struct str text, const struct options *options,
               struct proxy_response *response, struct err *err)
{
    struct buf *body = &response->body;
    if (options->explain && char_count(text.at, text.at + text.len) > EXPLAIN_MAX)
        return proxy_response_error(response, 413, TOO_LONG);
    buf_add_char(body, '{');
    int status = words_add(api, text, &options->words, body, err);
    if (status > 0)
        return proxy_response_error(response, 400, "Invalid UTF-8");
    if (!status && options->explain) {
        buf_add_text(body, ", \"explain\": ");
        status = explanation_print(body, &api->snapshot->dict, text, options->words.hmm, err);
    }
    buf_add_char(body, '}');
    return status;
}

/* Answer a request for many: what Jansson has read is UTF-8. */
static int cut_all(struct api *api, const json_t *texts, const struct options *options,
                   struct proxy_response *response, struct err *err)
{
    struct buf *body = &response->body;
    size_t n = json_array_size(texts);
    if (n > MAX_TEXTS)
        return proxy_response_error(response, 413, TOO_MANY);
    buf_add_text(body, "{\"results\": [");
    for (size_t i = 0; i < n; i++) {
        const json_t *text = json_array_get(texts, i);
        if (!json_is_string(text))
            return proxy_response_error(response, 400, "Invalid texts");
        buf_add_text(body, i ? ", {" : "{");
        if (words_add(api, (struct str){json_string_value(text), json_string_length(text)},
                      &options->words, body, err))
            return -1;
        buf_add_char(body, '}');
    }
    buf_add_text(body, "]}");
    return 0;
}

/* Answer a request that has been read. */
static int answer(struct api *api, const struct text_request *request,
                  struct proxy_response *response, struct err *err)
{
    struct options options;
    const char *wrong = read_options(request, &options);
    if (wrong)
        return proxy_response_error(response, 400, wrong);
    const json_t *texts = json_object_get(request->object, "texts");
    const json_t *text = json_object_get(request->object, "text");
    if (!texts || json_is_null(texts))
        return cut(api, request->text, &options, response, err);
    if (!json_is_array(texts) || (text && !json_is_null(text)))
        return proxy_response_error(response, 400, "Invalid texts");
    if (options.explain)
        return proxy_response_error(response, 400, "explain needs one text");
    return cut_all(api, texts, &options, response, err);
}

int handle_segment(struct api *api, const struct proxy_event *event,
                   struct proxy_response *response, struct err *err)
{
    struct text_request request;
    int status = text_request_read(&request, event, response, err);
    if (status != 0)
        return status > 0 ? 0 : -1;
    status = answer(api, &request, response, err);
    text_request_free(&request);
    return status;
}
