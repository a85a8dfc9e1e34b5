package graph

//go:generate go -C .. tool -modfile=tools/go.mod gqlgen generate
//go:generate go run ../internal/graphlean generated
