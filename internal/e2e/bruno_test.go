//go:build e2e

package e2e

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pontage/pontage/server"
)

// Whoever opens a Bruno folder can run it from top to bottom, as Bruno itself reads it: of the token API, where a token is made, used, traded
// and deleted, and of every imported API, against what the sandbox answers.
func TestTheBrunoFoldersRun(t *testing.T) {
	all, c := serve(t, onSQLite)
	r := sandbox(t, all)
	hosts := importAll(t, c)
	token := createToken(t, r, hosts)
	runBruno(t, r, tokenHost, "email="+r.Demo.Email, "key="+r.Demo.APIKey)
	for _, host := range hosts {
		runBruno(t, r, host, "token="+token)
	}
}

// runBruno runs an API's folder with values for what is secret in its environment.
func runBruno(t *testing.T, r server.Running, host string, values ...string) {
	t.Helper()
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	folder := unzip(t, published(t, r, host, "bruno.zip"))
	results := filepath.Join(t.TempDir(), "results.json")
	arguments := []string{filepath.Join(here, "node_modules", ".bin", "bru"), "run", "-r", "--env", "Sandbox", "--reporter-json", results}
	for _, v := range values {
		arguments = append(arguments, "--env-var", v)
	}
	// It ends with 1 where an answer was not as the folder has it, which the results say better.
	output := run(t, folder, nil, "sh", append([]string{"-c", `"$0" "$@" || [ $? = 1 ]`}, arguments...)...)
	var found []struct {
		Summary struct{ TotalRequests, PassedRequests, FailedRequests int }
		Results []struct {
			Test     struct{ Filename string }
			Response struct {
				Status     any
				StatusText string
			}
			Error any
		}
	}
	data, err := os.ReadFile(results)
	if err != nil || json.Unmarshal(data, &found) != nil || len(found) == 0 {
		t.Fatalf("%s: %v\n%s", host, err, output)
	}
	requests := len(names(t, folder))
	for _, one := range found[0].Results {
		status, _ := one.Response.Status.(float64)
		none := host == tokenHost && status == 404 // a fresh account has no call, callback or subscription of that id
		if one.Error != nil || !none && (status < 200 || status >= 300) {
			t.Errorf("%s: %s: %v %v", host, one.Test.Filename, one.Response.Status, one.Error)
		}
	}
	if sum := found[0].Summary; sum.TotalRequests != requests || requests == 0 {
		t.Errorf("%s: %+v of %d files\n%s", host, sum, requests, output)
	}
	t.Logf("%s: %d requests, %d passed", host, found[0].Summary.TotalRequests, found[0].Summary.PassedRequests)
}

// names lists the requests of a folder.
func names(t *testing.T, folder string) (all []string) {
	t.Helper()
	err := filepath.WalkDir(folder, func(path string, _ os.DirEntry, err error) error {
		if base := filepath.Base(path); strings.HasSuffix(base, ".bru") && base != "collection.bru" && filepath.Base(filepath.Dir(path)) != "environments" {
			all = append(all, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// unzip gives the one folder that is packed in an archive.
func unzip(t *testing.T, packed []byte) string {
	t.Helper()
	archive, err := zip.NewReader(bytes.NewReader(packed), int64(len(packed)))
	if err != nil {
		t.Fatal(err)
	}
	root, top := t.TempDir(), ""
	for _, f := range archive.File {
		top, _, _ = strings.Cut(f.Name, "/")
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		data, err := io.ReadAll(in)
		if err != nil || !filepath.IsLocal(f.Name) {
			t.Fatalf("%s: %v", f.Name, err)
		}
		write(t, filepath.Join(root, f.Name), string(data))
	}
	return filepath.Join(root, top)
}
