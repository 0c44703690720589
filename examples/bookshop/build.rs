fn main() {
    planwright::codegen::build();
}
