// Starts GraphiQL with the example queries, each in a tab. Credentials are typed into its headers editor and kept nowhere.
fetch('/graphql/explorer/examples.json').then((answer) => answer.json()).then((examples) => {
  const headers = '{\n  "Authorization": "Bearer <token>"\n}';
  ReactDOM.createRoot(document.getElementById('graphiql')).render(React.createElement(GraphiQL, {
    fetcher: GraphiQL.createFetcher({ url: '/graphql' }),
    defaultTabs: examples.map((query) => ({ query, headers })),
    shouldPersistHeaders: false,
  }));
});
