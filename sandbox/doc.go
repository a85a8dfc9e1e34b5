// Package sandbox holds what makes an instance a sandbox: an upstream that answers from the documents of the APIs instead of
// calling them, play money, and the table of what a call can be made to meet.
//
// It promises that:
//   - a request to the sandbox meets the same catalogue, tokens, limits and wallet as in production; only what stands behind the gateway
//     differs, and it answers with what the API's own document says;
//   - equal requests get equal answers, and what an account posts is given back to that account, over restarts, bounded in number, size
//     and age;
//   - play money is bounded per account and day, exactly, and every cent of it is a row of the ledger;
//   - what can be simulated stands in one table, of which the header, the magic values and the documents are made.
package sandbox
