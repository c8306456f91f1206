// Call each operation by the types that openapi-typescript has made. Prints a JSON array for each call: the operation, the status
// and what the answer has. t/clients.t compiles and runs this with the URL of the service; call.py does the same.
import createClient from "openapi-fetch";
import type {paths} from "./schema.d.ts";

declare const process: {argv: string[]};
const client = createClient<paths>({baseUrl: process.argv[2]});
const text = "我来到北京清华大学";

interface Answer<T> {
    data?: T;
    error?: {error: string};
    response: Response;
}

// Print an answer: the error, or what `read` takes from the data.
async function call<T>(name: string, request: Promise<Answer<T>>, read: (data: T) => unknown) {
    const {data, error, response} = await request;
    console.log(JSON.stringify([name, response.status, data === undefined ? error?.error : read(data)]));
}

const calculate = (num2: number) =>
    client.GET("/calculator", {params: {query: {num1: 7, num2, operator: "divide"}}});
await call("calculator", calculate(2), (it) => it.result);
await call("calculator", calculate(0), (it) => it.result);
await call("segment", client.GET("/segment", {params: {query: {text, pos: "1"}}}), (it) => [it.words, it.tags]);
await call("segmentBody", client.POST("/segment", {body: {text, mode: "full"}}), (it) => "words" in it && it.words);
await call("segmentBody", client.POST("/segment", {body: {texts: [text, "北京"]}}),
    (it) => "results" in it && it.results.map(({words}) => words));
await call("segmentBody", client.POST("/segment", {body: {text, explain: true}}),
    (it) => "words" in it && [it.explain?.blocks[0].route, it.explain?.blocks[0].words[0].from]);
await call("keywords", client.GET("/keywords", {params: {query: {text, top: 2}}}), (it) => it.keywords.map(({word}) => word));
await call("keywordsBody", client.POST("/keywords", {body: {text, top: 1}}), (it) => it.keywords.map(({word}) => word));

const getImages = (query: {seed?: string; count?: number; tag?: string}) => client.GET("/random-image", {params: {query}});
await call("randomImage", getImages({seed: "3"}), (it) => "imageUrl" in it && it.imageUrl);
await call("randomImage", getImages({seed: "3", count: 2}), (it) => "imageUrls" in it && it.imageUrls);
// A redirection is no success for fetch, so that its body is in `error`.
const {error, response} = await client.GET("/random-image", {params: {query: {redirect: "1"}}, redirect: "manual"});
console.log(JSON.stringify(["randomImage", response.status, error !== undefined && "imageUrl" in error]));
await call("randomImage", getImages({tag: "no such tag"}), (it) => it);
await call("imageTags", client.GET("/random-image/tags"), (it) => it.tags.map(({tag, images}) => [tag, images]));
await call("openapi", client.GET("/openapi.json"), (it) => it.openapi);
await call("page", client.GET("/", {parseAs: "text"}), (it) => it.slice(0, 15).toLowerCase());
