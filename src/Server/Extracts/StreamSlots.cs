using System.Collections.Concurrent;
using Delivery.Server.Identity;
using Delivery.Server.Refusals;
using Microsoft.Extensions.Options;

namespace Delivery.Server.Extracts;

/// <summary>Keeps one organisation from taking every stream. Threads may share it.</summary>
internal sealed class StreamSlots(IOptions<ExtractOptions> options)
{
    private readonly ConcurrentDictionary<string, int> _open = new(StringComparer.Ordinal);

    /// <summary>Takes a slot until disposed.</summary>
    public IDisposable Take(Caller caller)
    {
        if (_open.AddOrUpdate(caller.Cvr, 1, (_, open) => open + 1) > options.Value.StreamsPerOrganisationMax)
        {
            Release(caller.Cvr);
            throw RefusedException.By("E_TOO_MANY_STREAMS", $"{options.Value.StreamsPerOrganisationMax}");
        }

        return new Slot(this, caller.Cvr);
    }

    private void Release(string organisation) => _open.AddOrUpdate(organisation, 0, (_, open) => open - 1);

    private sealed class Slot(StreamSlots slots, string organisation) : IDisposable
    {
        private int _returned;

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _returned, 1) == 0)
            {
                slots.Release(organisation);
            }
        }
    }
}
