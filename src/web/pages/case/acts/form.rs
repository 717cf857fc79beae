//! What a form brings: its fields as they were typed, and photos, which are kept on disk as they come in.
//!
//! A form that is refused is shown again with everything in it; photos that have arrived are named in hidden fields
//! then and need not be taken twice. Reading the fields of one act is the business of its own file beside this one.

use std::sync::Arc;

use axum::extract::multipart::{Field, MultipartRejection};
use axum::extract::rejection::FormRejection;
use axum::extract::{Form, Multipart};
use serde_json::Value;

use crate::credentials;
use crate::domain::ground::Ground;
use crate::domain::position::Position;
use crate::domain::time::{Date, Timestamp};
use crate::store::{MAX_PHOTO_BYTES, Photo, Photos};
use crate::web::Web;
use crate::web::api::params::Claim;
use crate::web::api::{Incoming, MAX_PHOTOS, client_id, keep_sent, moment, photos, silly_text};
use crate::web::auth::Me;
use crate::web::error::Problem;

/// Largest body of a form with photos: a few originals of a good camera.
pub(in crate::web) const MAX_FORM_BYTES: usize = 64 * 1024 * 1024;

/// The field that names photos which arrived with an earlier attempt.
const KEPT_PHOTO: &str = "kept_photo";

/// The fields of a form, as they were typed.
#[derive(Debug, Clone, Default)]
pub(in crate::web) struct Typed(Vec<(String, String)>);

impl Typed {
    /// A form without files.
    pub fn of(form: Result<Form<Vec<(String, String)>>, FormRejection>) -> Result<Self, Problem> {
        let Form(fields) = form.map_err(|problem| Problem::BadBody(problem.body_text()))?;
        fields.iter().try_for_each(|(name, value)| check_text(name, value))?;
        Ok(Self(fields))
    }

    /// What stands in a field; nothing where there is none.
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// What was typed into a field, if anything was.
    pub fn given(&self, name: &str) -> Option<&str> {
        Some(self.get(name).trim()).filter(|text| !text.is_empty())
    }

    /// The same as a text of its own.
    pub fn text(&self, name: &str) -> Option<String> {
        self.given(name).map(str::to_owned)
    }

    /// A field that has to be filled in.
    pub fn needed(&self, name: &str, zh: &'static str, en: &'static str) -> Result<&str, Problem> {
        self.given(name).ok_or_else(|| not_filled_in(zh, en))
    }

    /// A number that somebody typed; a comma or full-width digit is what keyboards here give.
    pub fn number(&self, name: &str, zh: &'static str, en: &'static str) -> Result<Option<f64>, Problem> {
        let plain = |c: char| match c {
            '０'..='９' => char::from_u32(u32::from(c) - u32::from('０') + u32::from('0')).unwrap_or(c),
            '．' | '。' => '.',
            c => c,
        };
        let read = |text: &str| -> Result<f64, Problem> {
            let number: Option<f64> = text.chars().map(plain).collect::<String>().parse().ok();
            number
                .filter(|number| number.is_finite())
                .ok_or_else(|| refused(format!("{zh}“{text}”不是数字"), format!("{en}: “{text}” is not a number")))
        };
        self.given(name).map(read).transpose()
    }

    /// A moment: local as browsers send it, or with its offset as scripts do.
    pub fn moment(&self, name: &str, ground: &Ground) -> Result<Option<Timestamp>, Problem> {
        let read = |text: &str| {
            moment(name, text, ground).map_err(|_said_in_english| {
                refused(
                    format!("时间“{text}”无法识别，请按“2026-04-13 12:30”填写"),
                    format!("“{text}” is no time: write it as 2026-04-13 12:30"),
                )
            })
        };
        self.given(name).map(read).transpose()
    }

    /// When it happened, as the phone says.
    pub fn claim(&self, ground: &Ground, now: Timestamp) -> Result<Option<Timestamp>, Problem> {
        Ok(Claim::of(self.moment("happened_at", ground)?, now)?.at())
    }

    /// A local day.
    pub fn day(&self, name: &'static str, zh: &'static str, en: &'static str) -> Result<Date, Problem> {
        let text = self.needed(name, zh, en)?;
        crate::domain::time::parse_date(text).map_err(|source| Problem::BadDate { name, source })
    }

    /// Where the phone was, when both numbers are there.
    pub fn position(&self) -> Result<Option<Position>, Problem> {
        let lon = self.number("lon", "经度", "the longitude")?;
        let lat = self.number("lat", "纬度", "the latitude")?;
        match (lon, lat) {
            (Some(lon), Some(lat)) => Position::from_lon_lat(lon, lat).map(Some).map_err(|problem| {
                refused(
                    format!("经度{lon}、纬度{lat}不在地球上，请核对（经度约122，纬度约45）"),
                    format!("{problem}: check the two numbers"),
                )
            }),
            (None, None) => Ok(None),
            _ => Err(refused("经度和纬度须同时填写", "longitude and latitude go together")),
        }
    }

    /// The id of the command, so that sending it twice does it once.
    pub fn client_id(&self) -> Result<Option<String>, Problem> {
        client_id(self.text("client_id"))
    }
}

/// A refusal of a form, in both languages.
pub(in crate::web) fn refused(zh: impl std::fmt::Display, en: impl std::fmt::Display) -> Problem {
    Problem::Form(format!("{zh} · {en}"))
}

/// A field that has to be filled in was not.
pub(in crate::web) fn not_filled_in(zh: &'static str, en: &'static str) -> Problem {
    refused(format!("请填写：{zh}"), format!("Please fill in: {en}"))
}

/// A new id for a command.
pub(in crate::web) fn new_client_id() -> Result<String, Problem> {
    Ok(format!("form-{}", credentials::new_secret()?))
}

/// A form with photos.
pub(in crate::web) struct WithPhotos {
    /// Its fields.
    pub typed: Typed,
    /// The photos, their originals safe on disk; those of an earlier attempt first, each once.
    pub photos: Vec<Photo>,
}

impl WithPhotos {
    /// Reads a form; each photo is on disk before the next one is read. A photo that is none refuses the form and
    /// keeps the rest of it.
    pub async fn read(
        web: &Arc<Web>,
        me: &Me,
        form: Result<Multipart, MultipartRejection>,
    ) -> (Self, Result<(), Problem>) {
        let mut read = Self { typed: Typed::default(), photos: Vec::new() };
        let mut went = match form {
            Ok(form) => read.take_all(web, me, form).await,
            Err(problem) => Err(Problem::BadBody(problem.body_text())),
        };
        if let Err(problem) = read.take_kept(web, me).await {
            went = went.and(Err(problem));
        }
        (read, went)
    }

    /// The hashes of the photos.
    pub fn hashes(&self) -> Vec<String> {
        self.photos.iter().map(|photo| photo.hash.clone()).collect()
    }

    async fn take_all(&mut self, web: &Arc<Web>, me: &Me, mut form: Multipart) -> Result<(), Problem> {
        let mut went = Ok(());
        while let Some(field) = form.next_field().await.map_err(|problem| Problem::BadBody(problem.body_text()))? {
            let name = field.name().unwrap_or_default().to_owned();
            let taken = match field.file_name().map(str::to_owned) {
                Some(file_name) => self.take_photo((web, me), field, file_name).await,
                None => self.take_text(name, field).await,
            };
            // What comes behind is read all the same: nothing typed is lost.
            went = went.and(taken);
        }
        went
    }

    async fn take_text(&mut self, name: String, field: Field<'_>) -> Result<(), Problem> {
        let value = field.text().await.map_err(|problem| Problem::BadBody(problem.body_text()))?;
        let checked = check_text(&name, &value);
        if checked.is_ok() {
            self.typed.0.push((name, value));
        }
        checked
    }

    async fn take_photo(
        &mut self,
        (web, me): (&Arc<Web>, &Me),
        mut field: Field<'_>,
        file_name: String,
    ) -> Result<(), Problem> {
        let mut incoming = Incoming::begin(web, MAX_PHOTO_BYTES).await?;
        while let Some(part) = field.chunk().await.map_err(|problem| Problem::BadBody(problem.body_text()))? {
            incoming = incoming.take(&part).await?;
        }
        let body = incoming.end().await?;
        // A file field that was left alone comes as an empty file.
        if body.length() == 0 {
            return Ok(());
        }
        // Decoding takes a core and much memory: no more of them than can be taken.
        if self.photos.len() >= MAX_PHOTOS {
            return Err(too_many());
        }
        web.take_photo(me, body.length()).await?;
        let originals = Photos::beside(web.site.store.path());
        let name = Some(file_name).filter(|name| !name.is_empty());
        // Where the form is refused for something else, its sender names it again.
        let photo = keep_sent(web, me, move || body.keep(&originals, name)).await?;
        self.add(photo)
    }

    async fn take_kept(&mut self, web: &Web, me: &Me) -> Result<(), Problem> {
        let kept = self.typed.0.iter().filter(|(name, _)| name == KEPT_PHOTO).map(|(_, hash)| hash.clone()).collect();
        let new = std::mem::take(&mut self.photos);
        let kept = photos(web, me, kept).await;
        let went = kept.and_then(|kept| kept.into_iter().try_for_each(|photo| self.add(photo)));
        new.into_iter().try_for_each(|photo| self.add(photo)).and(went)
    }

    fn add(&mut self, photo: Photo) -> Result<(), Problem> {
        if self.photos.iter().any(|known| known.hash == photo.hash) {
            return Ok(());
        }
        if self.photos.len() >= MAX_PHOTOS {
            return Err(too_many());
        }
        self.photos.push(photo);
        Ok(())
    }
}

fn too_many() -> Problem {
    refused(format!("一次最多{MAX_PHOTOS}张照片"), format!("at most {MAX_PHOTOS} photos at once"))
}

/// Refuses texts that no person writes.
fn check_text(name: &str, value: &str) -> Result<(), Problem> {
    // A browser sends the lines of a text with both characters.
    match silly_text(name, &Value::String(value.to_owned())) {
        Some(problem) => Err(Problem::BadBody(problem)),
        None => Ok(()),
    }
}
