using Delivery.EndToEnd.Running.Postgres;
using Xunit.Abstractions;
using Xunit.Sdk;

[assembly: TestFramework("Delivery.EndToEnd.Running.Postgres." + nameof(StoreTestFramework), "Delivery.EndToEnd")]

namespace Delivery.EndToEnd.Running.Postgres;

/// <summary>
/// xunit's own framework, which skips what needs PostgreSQL where there is none. A fact cannot know by itself: it stands in a base class, and only
/// the class derived from it has a store.
/// </summary>
internal sealed class StoreTestFramework(IMessageSink messages) : XunitTestFramework(messages)
{
    protected override ITestFrameworkDiscoverer CreateDiscoverer(IAssemblyInfo assemblyInfo) =>
        new Discoverer(assemblyInfo, SourceInformationProvider, DiagnosticMessageSink);

    private sealed class Discoverer(IAssemblyInfo assembly, ISourceInformationProvider sources, IMessageSink messages)
        : XunitTestFrameworkDiscoverer(assembly, sources, messages)
    {
        protected override bool FindTestsForMethod(
            ITestMethod testMethod, bool includeSourceInformation, IMessageBus messageBus, ITestFrameworkDiscoveryOptions discoveryOptions)
        {
            if (PostgresInstallation.WhyAbsent is not { } reason
                || !testMethod.TestClass.Class.GetCustomAttributes(typeof(NeedsPostgresAttribute)).Any()
                || !testMethod.Method.GetCustomAttributes(typeof(FactAttribute)).Any())
            {
                return base.FindTestsForMethod(testMethod, includeSourceInformation, messageBus, discoveryOptions);
            }

            var skipped = new XunitSkippedDataRowTestCase(
                DiagnosticMessageSink, discoveryOptions.MethodDisplayOrDefault(), discoveryOptions.MethodDisplayOptionsOrDefault(), testMethod, reason);
            return ReportDiscoveredTestCase(skipped, includeSourceInformation, messageBus);
        }
    }
}
