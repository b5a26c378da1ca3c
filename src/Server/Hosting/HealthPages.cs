using System.Net;
using System.Text;
using Delivery.Server.Health;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Delivery.Server.Hosting;

/// <summary>
/// <c>/healthz</c> and <c>/readyz</c> over plain HTTP on a door of their own, for those who have no client certificate. Only words and codes are said
/// there, and no call of the service can be made through it.
/// </summary>
internal static class HealthPages
{
    private static readonly object DoorKey = new();

    /// <summary>Opens the door.</summary>
    public static void Listen(KestrelServerOptions kestrel, IPEndPoint address) => kestrel.Listen(address, listen =>
    {
        listen.Protocols = HttpProtocols.Http1;
        listen.Use(next => connection =>
        {
            connection.Items[DoorKey] = true;
            return next(connection);
        });
    });

    /// <summary>Answers everything that comes through the door, and nothing else.</summary>
    public static void Map(WebApplication app)
    {
        var readiness = app.Services.GetRequiredService<Readiness>();
        app.MapWhen(
            context => context.Features.Get<IConnectionItemsFeature>()?.Items.ContainsKey(DoorKey) == true,
            door => door.Run(context => AnswerAsync(context, readiness)));
    }

    private static Task AnswerAsync(HttpContext context, Readiness readiness)
    {
        var (status, text) = context.Request.Method is not ("GET" or "HEAD") ? (StatusCodes.Status405MethodNotAllowed, "")
            : context.Request.Path == "/healthz" ? (StatusCodes.Status200OK, "live\n")
            : context.Request.Path == "/readyz" ? Ready(readiness)
            : (StatusCodes.Status404NotFound, "");
        context.Response.StatusCode = status;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.CacheControl = "no-store";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static (int Status, string Text) Ready(Readiness readiness)
    {
        var look = readiness.Look();
        var isReady = look.All(condition => condition.State.Impairment < Impairment.Server);
        var text = new StringBuilder(isReady ? "ready\n" : "not-ready\n");
        foreach (var (name, state) in look)
        {
            text.Append(name).Append(' ').Append(Word(state.Impairment)).Append(state.Code is null ? "" : " " + state.Code).Append('\n');
        }

        return (isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, text.ToString());
    }

    private static string Word(Impairment impairment) => impairment switch
    {
        Impairment.None => "ok",
        Impairment.Extracts => "no-extracts",
        Impairment.Changes => "no-changes",
        Impairment.Server => "no-service",
        Impairment.Closed => "closed",
    };
}
