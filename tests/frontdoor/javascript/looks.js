// SPDX-License-Identifier: EUPL-1.2
// Reports looks with the exporters of OpenTelemetry for JavaScript: looks.js WAY ADDRESS COUNT [gzip]
import { resourceFromAttributes } from "@opentelemetry/resources";
import { AlwaysOnSampler, BatchSpanProcessor, NodeTracerProvider } from "@opentelemetry/sdk-trace-node";

const [way, url, count, compression] = process.argv.slice(2);
const { OTLPTraceExporter } = await import(`@opentelemetry/exporter-trace-otlp-${way}`);
const exporter = new OTLPTraceExporter({ url, compression, timeoutMillis: 60000 });
const outcomes = [];
const told = {
  export: (spans, done) =>
    exporter.export(spans, (result) => {
      outcomes.push(result.code);
      done(result);
    }),
  shutdown: () => exporter.shutdown(),
  forceFlush: () => exporter.forceFlush?.(),
};
const provider = new NodeTracerProvider({
  sampler: new AlwaysOnSampler(),
  resource: resourceFromAttributes({ "service.name": "balie-js" }),
  spanProcessors: [new BatchSpanProcessor(told, { maxExportBatchSize: 50 })],
});
const tracer = provider.getTracer("tests");
for (let number = 0; number < Number(count); number++) {
  tracer
    .startSpan("raadplegen", {
      attributes: {
        "rekenschap.staff.id": "m.devries",
        "rekenschap.subject.id": `K-js-${way}-${compression ?? "plain"}-${number}`,
        "rekenschap.register": "BRP",
      },
    })
    .end();
}
await provider.forceFlush();
await provider.shutdown();
process.exit(outcomes.length > 0 && outcomes.every((code) => code === 0) ? 0 : 1);
