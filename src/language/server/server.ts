/** Entry of the language server, a process of its own that VS Code talks to. */
import { createConnection, ProposedFeatures } from "vscode-languageserver/node";
import { serve } from "./serve.ts";

const connection = createConnection(ProposedFeatures.all);
serve(connection);
connection.listen();
