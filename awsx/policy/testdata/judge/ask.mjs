// Asks the independent simulator for a verdict on every request given as JSON on
// stdin and prints one answer a line. It is run from a folder where the packages
// of judges_test.go are installed.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const require = createRequire(path.join(process.cwd(), 'x.js'))
const { runSimulation } = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')).href)

// matched names the statements of every layer that apply; a document's name is
// its number, a statement's counts from 1.
function matched(analysis) {
  const layers = {
    identity: analysis?.identityAnalysis, resource: analysis?.resourceAnalysis,
    boundary: analysis?.permissionBoundaryAnalysis, session: analysis?.sessionAnalysis,
  }
  return Object.entries(layers).flatMap(([layer, found]) =>
    [...(found?.allowStatements ?? []), ...(found?.denyStatements ?? [])].map((s) =>
      `${layer} ${Number(s.policyId) || 0} ${s.statement.index() - 1}`))
}

let input = ''
for await (const chunk of process.stdin) input += chunk
for (const simulation of JSON.parse(input)) {
  const answer = await runSimulation(simulation, {})
  console.log(JSON.stringify({
    verdict: answer.overallResult ?? '',
    error: answer.errors ? JSON.stringify(answer.errors) : '',
    ignored: answer.result?.ignoredContextKeys ?? [],
    matched: matched(answer.result?.analysis),
  }))
}
