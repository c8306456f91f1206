//! The calculator on AWS's Rust runtime, for events with payload 2.0.

use lambda_runtime::{run, service_fn, Error, LambdaEvent};
use serde_json::{json, Value};

fn answer(status: u16, body: Value) -> Value {
    json!({"statusCode": status,
           "headers": {"Content-Type": "application/json; charset=utf-8", "Access-Control-Allow-Origin": "*"},
           "body": body.to_string()})
}

fn error(text: &str) -> Value {
    answer(400, json!({"error": text}))
}

async fn calculate(event: LambdaEvent<Value>) -> Result<Value, Error> {
    let query = &event.payload["queryStringParameters"];
    let number = |name: &str| query[name].as_str().and_then(|text| text.parse::<f64>().ok());
    let (Some(a), Some(b)) = (number("num1"), number("num2")) else {
        return Ok(error("Invalid input"));
    };
    let result = match query["operator"].as_str() {
        Some("add") => a + b,
        Some("subtract") => a - b,
        Some("multiply") => a * b,
        Some("divide") if b == 0.0 => return Ok(error("Cannot divide by zero")),
        Some("divide") => a / b,
        _ => return Ok(error("Invalid operator")),
    };
    Ok(answer(200, json!({"result": result})))
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    run(service_fn(calculate)).await
}
