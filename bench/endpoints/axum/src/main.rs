//! axum-peer DICT SOCKET PORT THREADS: the three endpoints with axum and jieba-rs, as a peer of the benchmark. It serves HTTP on
//! a Unix socket, for nginx, and on a port of 127.0.0.1.

use axum::extract::Query;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::serve::ListenerExt;
use axum::{Json, Router};
use jieba_rs::Jieba;
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::error::Error;
use std::fs::File;
use std::future::IntoFuture;
use std::io::BufReader;
use std::sync::Arc;
use tokio::net::{TcpListener, UnixListener};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const IMAGES: [&str; 5] = [
    "https://s2.loli.net/2024/10/24/rQT7SwhpzM8BWiX.jpg",
    "https://s2.loli.net/2024/10/24/qnzo8eZuXs73gAd.jpg",
    "https://s2.loli.net/2024/10/24/TIPSGQNxv4tC6Bq.jpg",
    "https://s2.loli.net/2024/10/24/VgqiAGTW2rULuek.jpg",
    "https://s2.loli.net/2024/09/12/7Ev1936CLn2toRq.jpg",
];

#[derive(Deserialize)]
struct Calculation {
    num1: f64,
    num2: f64,
    operator: String,
}

#[derive(Serialize)]
struct Calculated {
    result: f64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Image {
    image_url: &'static str,
}

#[derive(Deserialize)]
struct Text {
    text: String,
}

#[derive(Serialize)]
struct Words<'a> {
    words: Vec<&'a str>,
}

fn refuse(reason: &str) -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": reason }))).into_response()
}

async fn calculator(Query(asked): Query<Calculation>) -> Response {
    let Calculation { num1, num2, operator } = asked;
    let result = match operator.as_str() {
        "add" => num1 + num2,
        "subtract" => num1 - num2,
        "multiply" => num1 * num2,
        "divide" if num2 == 0.0 => return refuse("Cannot divide by zero"),
        "divide" => num1 / num2,
        _ => return refuse("Invalid operator"),
    };
    Json(Calculated { result }).into_response()
}

async fn random_image() -> Json<Image> {
    Json(Image { image_url: IMAGES[fastrand::usize(..IMAGES.len())] })
}

fn segment(jieba: &Jieba, text: &str) -> Response {
    let words = jieba.cut(text, true).iter().map(|token| token.word).collect();
    Json(Words { words }).into_response()
}

fn router(jieba: Jieba) -> Router {
    let jieba = Arc::new(jieba);
    Router::new()
        .route("/calculator", get(calculator))
        .route("/random-image", get(random_image))
        .route("/segment", get(move |Query(asked): Query<Text>| async move { segment(&jieba, &asked.text) }))
}

async fn serve(app: Router, socket: &str, port: u16) -> Result<(), Box<dyn Error>> {
    let tcp = TcpListener::bind(("127.0.0.1", port)).await?.tap_io(|connection| {
        let _ = connection.set_nodelay(true);
    });
    let unix = UnixListener::bind(socket)?;
    tokio::spawn(axum::serve(tcp, app.clone()).into_future());
    Ok(axum::serve(unix, app).await?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().collect();
    let [_, dict, socket, port, threads] = arguments.as_slice() else {
        return Err("usage: axum-peer DICT SOCKET PORT THREADS".into());
    };
    let jieba = Jieba::with_dict(&mut BufReader::new(File::open(dict)?))?;
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(threads.parse()?)
        .enable_io()
        .build()?
        .block_on(serve(router(jieba), socket, port.parse()?))
}
