using System.Net;
using Delivery.EndToEnd.Running;

namespace Delivery.EndToEnd.Operations;

/// <summary>Asks a server's door for health checks, as a load balancer does.</summary>
internal static class HealthDoor
{
    public static async Task<(HttpStatusCode Status, string Page)> GetAsync(this RunningServer server, string page)
    {
        using var http = new HttpClient { BaseAddress = server.HealthAddress };
        using var answer = await http.GetAsync(page);
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync());
    }
}
