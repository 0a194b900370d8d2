// Asks the independent simulator for a verdict on every request given as JSON on
// stdin and prints one answer a line. It is run from a folder where the packages
// of judges_test.go are installed.
import { createRequire } from 'node:module'
import { pathToFileURL } from 'node:url'
import path from 'node:path'

const require = createRequire(path.join(process.cwd(), 'x.js'))
const { runSimulation } = await import(pathToFileURL(require.resolve('@cloud-copilot/iam-simulate')).href)

let input = ''
for await (const chunk of process.stdin) input += chunk
for (const simulation of JSON.parse(input)) {
  const answer = await runSimulation(simulation, {})
  console.log(JSON.stringify({
    verdict: answer.overallResult ?? '',
    error: answer.errors ? JSON.stringify(answer.errors) : '',
    ignored: answer.result?.ignoredContextKeys ?? [],
  }))
}
