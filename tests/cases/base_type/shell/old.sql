create schema types;
