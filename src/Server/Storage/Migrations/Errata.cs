using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Delivery.Server.Storage.Migrations;

/// <summary>Errata, and which extracts carried them.</summary>
[DbContext(typeof(DeliveryDb))]
[Migration("0006_errata")]
internal sealed class Errata : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => MigrationScript.Run(migrationBuilder, "0006_errata");
}
