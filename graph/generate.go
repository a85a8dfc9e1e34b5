package graph

//go:generate go -C .. tool -modfile=tools/go.mod gqlgen generate
