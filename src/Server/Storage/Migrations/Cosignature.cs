using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;

namespace Delivery.Server.Storage.Migrations;

/// <summary>Room for what witnesses sign.</summary>
[DbContext(typeof(DeliveryDb))]
[Migration("0002_cosignature")]
internal sealed class Cosignature : Migration
{
    protected override void Up(MigrationBuilder migrationBuilder) => MigrationScript.Run(migrationBuilder, "0002_cosignature");
}
