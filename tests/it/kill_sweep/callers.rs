//! Who asks a service that may die at any moment: an office that acts and inspectors that send photos. What they were
//! told is all they believe; what was not answered they send again when there is a service again.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use fastrand::Rng;
use reqwest::{Client, Method, RequestBuilder, StatusCode};
use serde_json::{Value, json};

use super::oracle::Told;
use crate::photos::hash_of;
use crate::pictures::jpeg;

/// What the callers of one life share.
pub struct Callers {
    pub client: Client,
    pub url: String,
    pub token: String,
    pub host: Host,
    pub told: Arc<Mutex<Told>>,
    pub waiting: Arc<Mutex<Waiting>>,
}

/// What waits for a service.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Acts whose answer was lost: alert and body, by client id.
    pub acts: BTreeMap<String, (String, Value)>,
    /// Photos that were begun in parts: the bytes and what was acknowledged of them, by address.
    pub uploads: BTreeMap<String, (Vec<u8>, usize)>,
    /// Photos sent whole whose answer was lost.
    pub photos: Vec<Vec<u8>>,
    /// Acknowledged photos that no finding names yet.
    pub unnamed: Vec<String>,
    /// Counts what was ever begun, for names of its own.
    pub count: usize,
}

/// Why there is no answer that says what became of a call.
#[derive(Debug, PartialEq)]
pub enum Unanswered {
    /// The line broke: the service was killed.
    Gone,
    /// The host failed the service, and it said so.
    Failed,
}

/// What the service may blame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Host {
    Sound,
    /// Some of its system calls fail.
    Failing,
}

struct Answer {
    status: StatusCode,
    headers: reqwest::header::HeaderMap,
    body: Value,
}

impl Callers {
    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    async fn ask(&self, request: RequestBuilder) -> Result<Answer, Unanswered> {
        let answer = request.send().await.map_err(|_broke| Unanswered::Gone)?;
        let (status, headers) = (answer.status(), answer.headers().clone());
        if self.host == Host::Failing && status.is_server_error() {
            return Err(Unanswered::Failed);
        }
        let body = answer.bytes().await.map_err(|_broke| Unanswered::Gone)?;
        Ok(Answer { status, headers, body: serde_json::from_slice(&body).unwrap_or_default() })
    }

    fn wrong(&self, what: String) {
        self.told.lock().unwrap().wrong.push(what);
    }

    /// The service takes writes.
    pub async fn assert_ready(&self) -> Result<(), Unanswered> {
        if self.host == Host::Failing {
            return Ok(());
        }
        let answer = self.ask(self.request(Method::GET, "/readyz")).await?;
        if answer.status != StatusCode::OK {
            self.wrong(format!("a start is not ready: {} {}", answer.status, answer.body));
        }
        Ok(())
    }

    pub async fn cases(&self) -> Result<Vec<(String, String)>, Unanswered> {
        let listed = self.ask(self.request(Method::GET, "/api/v1/alerts?limit=50")).await?.body;
        let text = |case: &Value, field: &str| case[field].as_str().unwrap_or_default().to_owned();
        let items = listed["items"].as_array().cloned().unwrap_or_default();
        Ok(items.iter().map(|case| (text(case, "number"), text(case, "responsible_code"))).collect())
    }

    /// Sends an act until it is known to be done once.
    async fn act(&self, id: String, number: String, body: Value) -> Result<(), Unanswered> {
        self.waiting.lock().unwrap().acts.insert(id.clone(), (number.clone(), body.clone()));
        self.told.lock().unwrap().unanswered.insert(id.clone());
        let request = self.request(Method::POST, &format!("/api/v1/alerts/{number}/acts"));
        let request = request.header("content-type", "application/json").body(body.to_string());
        let answer = self.ask(request).await?;
        self.waiting.lock().unwrap().acts.remove(&id);
        let mut told = self.told.lock().unwrap();
        told.unanswered.remove(&id);
        if answer.status == StatusCode::OK {
            told.commands.insert(id);
        } else {
            told.wrong.push(format!("the act {body} was answered {}: {}", answer.status, answer.body));
        }
        Ok(())
    }

    /// Sends again what was not answered.
    pub async fn act_again(&self) -> Result<(), Unanswered> {
        let waiting = self.waiting.lock().unwrap().acts.clone();
        for (id, (number, body)) in waiting {
            self.act(id, number, body).await?;
        }
        Ok(())
    }

    /// Telephones, and names photos in findings, until the service is gone.
    pub async fn act_on(&self, mut rng: Rng) {
        while self.act_again().await != Err(Unanswered::Gone)
            && self.act_on_some(&mut rng).await != Err(Unanswered::Gone)
        {}
    }

    async fn act_on_some(&self, rng: &mut Rng) -> Result<(), Unanswered> {
        let cases = self.cases().await?;
        // Without any the first poll is being recorded.
        let Some((number, unit)) = rng.choice(&cases) else { return Ok(()) };
        for _ in 0..5 {
            self.telephone(number).await?;
            self.name_photos(number, unit).await?;
        }
        Ok(())
    }

    fn next_id(&self, what: &str) -> String {
        let mut waiting = self.waiting.lock().unwrap();
        waiting.count += 1;
        format!("{what}-{}", waiting.count)
    }

    async fn telephone(&self, number: &str) -> Result<(), Unanswered> {
        let id = self.next_id("call");
        let body = json!({"act": "call", "whom": "村委会", "answered": true, "client_id": id});
        self.act(id, number.to_owned(), body).await
    }

    /// Every photo that was acknowledged can be named.
    pub async fn name_photos(&self, number: &str, unit: &str) -> Result<(), Unanswered> {
        let hashes = std::mem::take(&mut self.waiting.lock().unwrap().unnamed);
        if hashes.is_empty() {
            return Ok(());
        }
        for some in hashes.chunks(20) {
            let id = self.next_id("finding");
            let finding = json!({"kind": "straw", "photos": some});
            let body = json!({"act": "report", "for": format!("甲（{unit}）"), "client_id": id, "finding": finding});
            self.act(id, number.to_owned(), body).await?;
        }
        Ok(())
    }

    fn acknowledged(&self, hash: &str, bytes: Vec<u8>) {
        if hash != hash_of(&bytes) {
            self.wrong(format!("the photo {} was acknowledged as {hash}", hash_of(&bytes)));
        }
        self.waiting.lock().unwrap().unnamed.push(hash.to_owned());
        self.told.lock().unwrap().photos.insert(hash.to_owned(), bytes);
    }

    /// Sends again what was not answered, and goes on with what was begun.
    pub async fn send_again(&self) -> Result<(), Unanswered> {
        loop {
            let Some(bytes) = self.waiting.lock().unwrap().photos.last().cloned() else { break };
            self.send_whole(&bytes).await?;
            self.waiting.lock().unwrap().photos.pop();
        }
        let begun: Vec<_> = self.waiting.lock().unwrap().uploads.keys().cloned().collect();
        for path in begun {
            self.go_on(&path).await?;
        }
        Ok(())
    }

    /// Sends photos, whole and in parts, until the service is gone.
    pub async fn send_photos(&self, mut rng: Rng) {
        while self.send_again().await != Err(Unanswered::Gone)
            && self.send_some(&mut rng).await != Err(Unanswered::Gone)
        {}
    }

    async fn send_some(&self, rng: &mut Rng) -> Result<(), Unanswered> {
        for _ in 0..5 {
            let id = self.next_id("photo");
            let bytes = jpeg(&format!("{id} {}", rng.u64(..)));
            if rng.bool() {
                self.waiting.lock().unwrap().photos.push(bytes.clone());
                self.send_whole(&bytes).await?;
                self.waiting.lock().unwrap().photos.pop();
            } else {
                let length = self.tus(Method::POST, "/api/v1/uploads").header("upload-length", bytes.len());
                let begun = self.ask(length).await?;
                let Some(path) = text_of(&begun, "location") else {
                    self.wrong(format!("an upload was not begun: {} {}", begun.status, begun.body));
                    continue;
                };
                self.waiting.lock().unwrap().uploads.insert(path.clone(), (bytes, 0));
                self.go_on(&path).await?;
            }
        }
        Ok(())
    }

    async fn send_whole(&self, bytes: &[u8]) -> Result<(), Unanswered> {
        let answer = self.ask(self.request(Method::POST, "/api/v1/photos").body(bytes.to_vec())).await?;
        match answer.body["hash"].as_str() {
            Some(hash) => self.acknowledged(hash, bytes.to_vec()),
            None => self.wrong(format!("a photo was answered {}: {}", answer.status, answer.body)),
        }
        Ok(())
    }

    fn tus(&self, method: Method, path: &str) -> RequestBuilder {
        self.request(method, path).header("tus-resumable", "1.0.0")
    }

    /// Brings an upload to its end, from where the service says that it is.
    async fn go_on(&self, path: &str) -> Result<(), Unanswered> {
        let (bytes, safe) = self.waiting.lock().unwrap().uploads[path].clone();
        loop {
            let asked = self.ask(self.tus(Method::HEAD, path)).await?;
            let offset = text_of(&asked, "upload-offset").and_then(|text| text.parse().ok());
            let Some(offset) = offset.filter(|offset: &usize| *offset >= safe) else {
                self.wrong(format!("of {path} {safe} bytes were safe, now it is {} {:?}", asked.status, asked.headers));
                break;
            };
            let hash = text_of(&asked, "photo-hash");
            let hash = match hash {
                Some(hash) => Some(hash),
                None => self.send_part(path, offset, &bytes).await?,
            };
            if let Some(hash) = hash {
                self.acknowledged(&hash, bytes);
                break;
            }
        }
        self.waiting.lock().unwrap().uploads.remove(path);
        Ok(())
    }

    /// Sends the next half of an upload; the hash, where that was the last of it.
    async fn send_part(&self, path: &str, offset: usize, bytes: &[u8]) -> Result<Option<String>, Unanswered> {
        let end = if offset == 0 { bytes.len() / 2 } else { bytes.len() };
        let request = self.tus(Method::PATCH, path).header("upload-offset", offset);
        let request =
            request.header("content-type", "application/offset+octet-stream").body(bytes[offset..end].to_vec());
        let answer = self.ask(request).await?;
        if answer.status == StatusCode::NO_CONTENT
            && let Some((_, safe)) = self.waiting.lock().unwrap().uploads.get_mut(path)
        {
            *safe = end;
        }
        Ok(text_of(&answer, "photo-hash"))
    }

    /// Whether the original of a photo is handed out as it was sent.
    pub async fn hands_out(&self, hash: &str, bytes: &[u8]) -> Result<bool, Unanswered> {
        let answer = self.request(Method::GET, &format!("/api/v1/photos/{hash}/original")).send().await;
        let answer = answer.map_err(|_broke| Unanswered::Gone)?;
        Ok(answer.status() == StatusCode::OK && answer.bytes().await.map_err(|_broke| Unanswered::Gone)? == bytes)
    }
}

fn text_of(answer: &Answer, name: &str) -> Option<String> {
    answer.headers.get(name)?.to_str().ok().map(str::to_owned)
}
