//! A form with photos, which are kept on disk as they come in.
//!
//! A form that is refused is shown again with everything in it; photos that have arrived are named in hidden fields
//! then and need not be taken twice.

use std::sync::Arc;

use axum::extract::Multipart;
use axum::extract::multipart::{Field, MultipartRejection};

use super::typed::Typed;
use super::values::refusal;
use crate::media::{MAX_PHOTO_BYTES, Photo, Photos};
use crate::web::auth::Me;
use crate::web::incoming::Incoming;
use crate::web::photos::{MAX_PHOTOS, keep_sent, photos};
use crate::web::problem::Problem;
use crate::web::site::Web;
use crate::words::forms;

/// Largest body of a form with photos: a few originals of a good camera.
pub(in crate::web) const MAX_FORM_BYTES: usize = 64 * 1024 * 1024;

/// The field that names photos which arrived with an earlier attempt.
const KEPT_PHOTO: &str = "kept_photo";

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
        self.typed.take(name, value)
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
        let originals = Photos::beside(&web.site.database);
        let name = Some(file_name).filter(|name| !name.is_empty());
        // Where the form is refused for something else, its sender names it again.
        let photo = keep_sent(web, me, move || body.keep(&originals, name)).await?;
        self.add(photo)
    }

    async fn take_kept(&mut self, web: &Web, me: &Me) -> Result<(), Problem> {
        let kept = self.typed.all(KEPT_PHOTO);
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
    refusal(forms::too_many_photos(MAX_PHOTOS))
}
