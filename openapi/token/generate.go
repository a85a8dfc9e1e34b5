package token

//go:generate go tool -modfile=../../tools/go.mod oapi-codegen --config=generate.yaml openapi.yaml
