//! The one integration binary: a harness and a module per behaviour.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing, clippy::print_stderr)]

mod ground_fixture;
mod harness;
mod pictures;

mod accounts;
mod act_forms;
mod api_contract;
mod architecture;
mod backup;
mod burn_commands;
mod burning;
mod case_api;
mod case_faults;
mod case_life;
mod case_lists;
mod case_model;
mod case_page;
mod chain;
mod commands;
mod damage;
mod day_map;
mod dialects;
mod drawn_days;
mod event_stream;
mod fault_origin;
mod feed_bodies;
mod fire_files;
mod full_disk;
mod half_requests;
mod heat_sources;
mod hostile;
mod identity;
mod installation;
mod kill_sweep;
mod linking;
mod migration;
mod my_pages;
mod office_pages;
mod office_plans;
mod ogc;
mod openapi;
mod pages;
mod people;
mod photo_cuts;
mod photos;
mod plan_api;
mod policies;
mod polling;
mod project;
mod reach;
mod region_files;
mod rejudge;
mod rights_matrix;
mod same_body;
mod scopes;
mod service;
#[cfg(feature = "oidc")]
mod sign_on;
mod simulator;
mod spine;
mod stopping;
mod tables;
mod users_pages;
mod verdicts;
