//! Embeds Planwright's own migrations, with the code that a user's build.rs calls in the library.

#[allow(dead_code)]
#[path = "src/bundle.rs"]
mod bundle;
#[allow(dead_code, unused_imports)]
#[path = "src/codegen/mod.rs"]
mod codegen;

fn main() {
    codegen::build();
    println!("cargo::rerun-if-changed=src/bundle.rs");
    println!("cargo::rerun-if-changed=src/codegen");
}
