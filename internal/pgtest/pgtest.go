package pgtest

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

// Variable names the environment variable with the URL of a superuser of the cluster to use.
const Variable = "PONTAGE_TEST_POSTGRES"

// shared gives the cluster of this process: its URL and a connection to make databases with.
var shared = sync.OnceValues(func() (*admin, error) {
	cluster := &Cluster{URL: os.Getenv(Variable)}
	if cluster.URL == "" {
		var err error
		if cluster, err = Start(context.Background()); err != nil {
			return nil, err
		}
	}
	db, err := sql.Open("pgx", cluster.URL)
	return &admin{Cluster: cluster, db: db}, err
})

// admin holds on to its cluster: a leash that is collected would end it.
type admin struct {
	*Cluster
	db *sql.DB
}

// URL gives the URL of a fresh, empty database that is dropped at the end of the test. It fails the test where there is no
// PostgreSQL, saying what to type.
func URL(t testing.TB) string {
	t.Helper()
	cluster, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	return cluster.create(t, "")
}

// create makes a database for one test; like says what it is copied from.
func (a *admin) create(t testing.TB, like string) string {
	t.Helper()
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := a.db.Exec("CREATE DATABASE " + name + like); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		if _, err := a.db.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	address, err := withDatabase(a.URL, name)
	if err != nil {
		t.Fatal(err)
	}
	return address
}

// withDatabase names another database in a URL.
func withDatabase(address, name string) (string, error) {
	parsed, err := url.Parse(address)
	if err != nil {
		return "", fmt.Errorf("pgtest: %s is not a URL: %w", Variable, err)
	}
	parsed.Path = "/" + name
	return parsed.String(), nil
}
