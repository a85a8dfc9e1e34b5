package docs

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"encoding/json"
	"strings"
)

//go:embed actions
var actionFiles embed.FS

// actions are the GraphQL documents that the pages' forms send, by name.
var actions = func() map[string]string {
	all := map[string]string{}
	files, err := actionFiles.ReadDir("actions")
	if err != nil {
		panic(err) // they are part of this program
	}
	for _, f := range files {
		text, err := actionFiles.ReadFile("actions/" + f.Name())
		if err != nil {
			panic(err)
		}
		all[strings.TrimSuffix(f.Name(), ".graphql")] = strings.TrimSpace(string(text))
	}
	return all
}()

// Actions are the GraphQL documents that the pages send, by the SHA-256 of their text: the pages name them by it, so an instance that answers
// trusted documents only has to trust these.
func Actions() map[string]string {
	all := map[string]string{}
	for _, text := range actions {
		all[hashOf(text)] = text
	}
	return all
}

// actionIDs names them for the pages' script, as JSON.
var actionIDs = func() string {
	ids := map[string]string{}
	for name, text := range actions {
		ids[name] = "sha256:" + hashOf(text)
	}
	data, err := json.Marshal(ids)
	if err != nil {
		panic(err)
	}
	return string(data)
}()

func hashOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
